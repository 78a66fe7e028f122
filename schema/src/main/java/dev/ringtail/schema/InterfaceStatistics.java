package dev.ringtail.schema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What the ledgers say of one interface, over all sessions given: the counts of a pcapng file's
/// interface statistics block.
///
/// @param timestampNs of the sensor's newest ledger, nanoseconds since 1970-01-01T00:00:00Z
/// @param received packets that passed the capture filter, dropped ones included
/// @param interfaceDrops packets for which the device had no room
/// @param osDrops packets for which the ring had no room
/// @param shed packets that the sensor gave up
/// @param malformed packets that the sensor could not read out of the ring
public record InterfaceStatistics(
        long timestampNs,
        long received,
        long interfaceDrops,
        long osDrops,
        long shed,
        long malformed) {
    /// Adds up what the reports of a sensor say of its interface of this name.
    ///
    /// @return zeros if no session has that interface, or the kernel counted nothing (an import)
    public static InterfaceStatistics of(
            Collection<SensorReport> reports, String sensorId, String interfaceName) {
        long timestampNs = 0;
        long received = 0;
        long interfaceDrops = 0;
        long osDrops = 0;
        long shed = 0;
        long malformed = 0;
        for (SensorReport report : reports) {
            if (!report.getSensorId().equals(sensorId)) {
                continue;
            }
            timestampNs = Math.max(timestampNs, report.getReportTimeNs());
            for (LaneLedger lane : report.getLanes()) {
                if (lane.getInterfaceName().equals(interfaceName)) {
                    received += lane.getKernelPackets();
                    osDrops += lane.getKernelDrops();
                    shed += lane.getShed().values().stream().mapToLong(Tally::getPackets).sum();
                    malformed += lane.getMalformed().getPackets();
                }
            }
            for (InterfaceReport device : report.getInterfaces()) {
                if (device.getInterfaceName().equals(interfaceName)) {
                    interfaceDrops += device.getRxMissed() + device.getRxFifo();
                }
            }
        }
        return new InterfaceStatistics(
                timestampNs, received, interfaceDrops, osDrops, shed, malformed);
    }

    /// Whether no session has that interface, or the kernel counted nothing (an import).
    public boolean isEmpty() {
        return received == 0;
    }

    /// Packets that were lost before the topic.
    public long lost() {
        return interfaceDrops + osDrops + shed + malformed;
    }

    /// What was dropped, in words; empty where nothing was.
    public List<String> drops() {
        List<String> drops = new ArrayList<>();
        if (osDrops > 0) {
            drops.add(osDrops + " packets dropped by the kernel because the ring was full");
        }
        if (interfaceDrops > 0) {
            drops.add(interfaceDrops + " packets dropped by the device for want of room");
        }
        if (shed > 0) {
            drops.add(shed + " packets given up by the sensor when it was stopped");
        }
        if (malformed > 0) {
            drops.add(malformed + " packets that the sensor could not read out of the ring");
        }
        return drops;
    }
}
