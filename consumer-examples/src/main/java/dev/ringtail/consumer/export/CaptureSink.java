package dev.ringtail.consumer.export;

import dev.ringtail.pcap.file.CaptureWriter;
import dev.ringtail.pcap.file.EpbFlags;
import dev.ringtail.schema.InterfaceStatistics;
import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.SensorReport;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Writes merged packets into a capture file: an interface for each sensor, name, link type and
/// snap length, and what is missing as comments and statistics.
final class CaptureSink {
    /// What a capture file's 32-bit field holds.
    private static final long MAX_ORIGINAL_LENGTH = 0xffff_ffffL;

    private record Interface(String sensorId, String name, int linkType, int snapLength) {}

    private record Session(String sensorId, String sessionId) {}

    private final CaptureWriter writer;
    private final Map<Interface, Integer> interfaces = new LinkedHashMap<>();
    private final Set<Session> sessions = new HashSet<>();
    private long packetCount;
    private long dataBytes;

    CaptureSink(CaptureWriter writer) {
        this.writer = writer;
    }

    /// Writes the present packet of a batch.
    ///
    /// @param missing packets of the lane that are missing right before it
    void write(BatchCursor cursor, long missing) throws IOException {
        PacketBatchReader packet = cursor.packet();
        if (cursor.interfaceId() < 0) {
            cursor.setInterfaceId(interfaceId(packet));
        }
        writer.writePacket(
                cursor.interfaceId(),
                packet.timestampNs(),
                Math.min(packet.originalLength(), MAX_ORIGINAL_LENGTH),
                packet.array(),
                packet.dataOffset(),
                packet.dataLength(),
                EpbFlags.ofPacketType(packet.packetType()),
                missing == 0 ? null : comment(packet, missing));
        packetCount++;
        dataBytes += packet.dataLength();
    }

    private static String comment(PacketBatchReader packet, long missing) {
        return missing
                + (missing == 1 ? " packet" : " packets")
                + " of lane "
                + packet.lane()
                + " missing here (sensor "
                + packet.sensorId()
                + ", session "
                + packet.sessionId()
                + ")";
    }

    private int interfaceId(PacketBatchReader packet) throws IOException {
        sessions.add(new Session(packet.sensorId(), packet.sessionId()));
        Interface key =
                new Interface(
                        packet.sensorId(),
                        packet.interfaceName(),
                        packet.linkType(),
                        packet.snapLength());
        Integer known = interfaces.get(key);
        if (known != null) {
            return known;
        }
        int id =
                writer.addInterface(
                        key.name(), "sensor " + key.sensorId(), key.linkType(), key.snapLength());
        interfaces.put(key, id);
        return id;
    }

    /// Writes for each interface what the ledgers of its sessions say of received and lost packets.
    ///
    /// Where a name has several interfaces here (the snap length was changed), the first gets the
    /// sum of all: the ledger counts by name.
    void writeStatistics(Collection<SensorReport> reports) throws IOException {
        Map<String, Integer> named = new HashMap<>();
        for (Map.Entry<Interface, Integer> entry : interfaces.entrySet()) {
            Interface described = entry.getKey();
            if (named.putIfAbsent(described.sensorId() + "/" + described.name(), 0) == null) {
                InterfaceStatistics statistics =
                        InterfaceStatistics.of(
                                reports.stream().filter(this::hasPackets).toList(),
                                described.sensorId(),
                                described.name());
                if (statistics.received() > 0) {
                    writer.writeStatistics(
                            entry.getValue(),
                            statistics.timestampNs(),
                            statistics.received(),
                            statistics.interfaceDrops(),
                            statistics.osDrops());
                }
            }
        }
    }

    private boolean hasPackets(SensorReport report) {
        return sessions.contains(new Session(report.getSensorId(), report.getSessionId()));
    }

    /// Hands all that was written to the stream below.
    void flush() throws IOException {
        writer.flush();
    }

    /// Count of packets written.
    long packetCount() {
        return packetCount;
    }

    /// Captured bytes of these.
    long dataBytes() {
        return dataBytes;
    }

    /// Count of interfaces.
    int interfaceCount() {
        return interfaces.size();
    }

    /// Count of sensors.
    long sensorCount() {
        return interfaces.keySet().stream().map(Interface::sensorId).distinct().count();
    }
}
