package dev.ringtail.sensor.record;

import dev.ringtail.pcap.file.EpbFlags;
import dev.ringtail.pcap.file.PcapngWriter;
import dev.ringtail.schema.CaptureReport;
import dev.ringtail.schema.InterfaceStatistics;
import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.SensorReport;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// One pcapng file, complete by itself: section header, an interface description for each name,
/// link type, snap length and filter, packets, and at the end what each interface has received and
/// lost since the session began. The recorder's thread alone.
final class CaptureFile {
    /// What the file's 32-bit field holds.
    private static final long MAX_ORIGINAL_LENGTH = 0xffff_ffffL;

    private record Interface(String name, int linkType, int snapLength, String filter) {}

    private final OutputFile out;
    private final PcapngWriter writer;
    private final Supplier<SensorReport> ledger;
    private final long beganNs;
    private final Map<Interface, Integer> interfaces = new LinkedHashMap<>();
    private final Map<Integer, Integer> interfaceIdByCapture = new HashMap<>();
    private long packetCount;
    private long wholeBytes;

    /// The interface of the packet before; most packets are of the same.
    private int lastCaptureId;

    private int lastInterfaceId;

    private CaptureFile(
            OutputFile out, PcapngWriter writer, Supplier<SensorReport> ledger, long beganNs) {
        this.out = out;
        this.writer = writer;
        this.ledger = ledger;
        this.beganNs = beganNs;
    }

    /// Writes the section header, and the interfaces that are captured now.
    ///
    /// @param out closed with this file
    /// @param ledger the session's reports
    /// @param nowNs [System#nanoTime]
    static CaptureFile begin(OutputFile out, Supplier<SensorReport> ledger, long nowNs)
            throws IOException {
        SensorReport report = ledger.get();
        PcapngWriter writer =
                new PcapngWriter(
                        out,
                        System.getProperty("os.arch", ""),
                        System.getProperty("os.name", "")
                                + " "
                                + System.getProperty("os.version", ""),
                        report.getSoftwareVersion());
        CaptureFile file = new CaptureFile(out, writer, ledger, nowNs);
        for (CaptureReport capture : report.getCaptures()) {
            if (capture.getDetachedNs() == 0) {
                file.addInterface(report.getSensorId(), capture);
            }
        }
        file.flush();
        return file;
    }

    private int addInterface(String sensorId, CaptureReport capture) throws IOException {
        Interface described =
                new Interface(
                        capture.getInterfaceName(),
                        capture.getLinkType(),
                        capture.getSnapLength(),
                        capture.getFilter());
        Integer id = interfaces.get(described);
        if (id == null) {
            id =
                    writer.addInterface(
                            described.name(),
                            "sensor " + sensorId,
                            described.filter(),
                            described.linkType(),
                            described.snapLength());
            interfaces.put(described, id);
        }
        interfaceIdByCapture.put(capture.getCaptureId(), id);
        return id;
    }

    /// Appends a batch's present packet. It is in the file after the next [#flush].
    void write(PacketBatchReader packet) throws IOException {
        writer.writePacket(
                interfaceId(packet.captureId()),
                packet.timestampNs(),
                Math.min(packet.originalLength(), MAX_ORIGINAL_LENGTH),
                packet.array(),
                packet.dataOffset(),
                packet.dataLength(),
                EpbFlags.ofPacketType(packet.packetType()),
                null);
        packetCount++;
    }

    private int interfaceId(int captureId) throws IOException {
        if (captureId != lastCaptureId) {
            Integer known = interfaceIdByCapture.get(captureId);
            lastInterfaceId = known != null ? known : addInterface(captureId);
            lastCaptureId = captureId;
        }
        return lastInterfaceId;
    }

    /// Describes an interface that was attached to after the file began, or let go before.
    private int addInterface(int captureId) throws IOException {
        SensorReport report = ledger.get();
        for (CaptureReport capture : report.getCaptures()) {
            if (capture.getCaptureId() == captureId) {
                return addInterface(report.getSensorId(), capture);
            }
        }
        throw new IllegalStateException("The ledger has no capture " + captureId);
    }

    /// Hands all packets to the operating system: after it they are in the file, whatever comes.
    void flush() throws IOException {
        writer.flush();
        wholeBytes = writer.length();
    }

    /// Bytes that are not in the file before the next [#flush].
    long unflushedBytes() {
        return writer.length() - wholeBytes;
    }

    /// Length in bytes, what is not flushed included.
    long length() {
        return writer.length();
    }

    /// Packets so far.
    long packetCount() {
        return packetCount;
    }

    /// When it was begun, by [System#nanoTime].
    long beganNs() {
        return beganNs;
    }

    String name() {
        return out.name();
    }

    /// Writes what the ledger says of the interfaces, waits until the file is on the disk, and
    /// closes it. What was written is to be flushed before.
    ///
    /// Lanes read the kernel's counters once a second, and when they end.
    void end() throws IOException {
        SensorReport report = ledger.get();
        Set<String> told = new HashSet<>();
        for (Map.Entry<Interface, Integer> entry : interfaces.entrySet()) {
            // The ledger counts by name; of several descriptions the first has the sum.
            String name = entry.getKey().name();
            if (told.add(name)) {
                InterfaceStatistics statistics =
                        InterfaceStatistics.of(List.of(report), report.getSensorId(), name);
                writer.writeStatistics(
                        entry.getValue(),
                        statistics.timestampNs(),
                        statistics.received(),
                        statistics.interfaceDrops(),
                        statistics.osDrops());
            }
        }
        writer.close();
    }

    /// Closes the file after a fault: it ends with what was flushed.
    void giveUp() throws IOException {
        out.takeBack();
    }
}
