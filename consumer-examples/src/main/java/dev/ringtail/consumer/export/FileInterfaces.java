package dev.ringtail.consumer.export;

import dev.ringtail.pcap.file.CaptureWriter;
import dev.ringtail.pcap.file.PcapngWriter;
import dev.ringtail.schema.CaptureReport;
import dev.ringtail.schema.GapReport;
import dev.ringtail.schema.InterfaceStatistics;
import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.SensorReport;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The interfaces of a capture file: described as their packets come, and at the end with what the
/// ledgers counted.
///
/// Attachments to one interface that captured in the same way are one interface of the file.
final class FileInterfaces {
    private record Interface(
            String sensorId,
            String name,
            String description,
            String filter,
            int linkType,
            int snapLength) {
        Named named() {
            return new Named(sensorId, name);
        }
    }

    /// What gaps and the ledgers' counts are of.
    private record Named(String sensorId, String name) implements Comparable<Named> {
        @Override
        public int compareTo(Named other) {
            int order = sensorId.compareTo(other.sensorId);
            return order != 0 ? order : name.compareTo(other.name);
        }
    }

    private record Session(String sensorId, String sessionId) {
        static Session of(SensorReport report) {
            return new Session(report.getSensorId(), report.getSessionId());
        }
    }

    private record Capture(Session session, int captureId) {}

    private final CaptureWriter writer;
    private final ExportQuery query;
    private final SessionLedgers ledgers;
    private final Map<Interface, Integer> interfaces = new LinkedHashMap<>();
    private final List<InterfaceGaps> gapsById = new ArrayList<>();
    private final Map<Named, InterfaceGaps> gaps = new HashMap<>();
    private final Map<Capture, Integer> captures = new HashMap<>();
    private final Set<Session> sessions = new HashSet<>();

    /// Gaps that ended before it are not of the file.
    private long beginNs;

    private long lost;

    FileInterfaces(CaptureWriter writer, ExportQuery query, SessionLedgers ledgers) {
        this.writer = writer;
        this.query = query;
        this.ledgers = ledgers;
        this.beginNs = query.fromNs();
    }

    /// The number in the file of a packet's interface, which is described when it is new.
    int idOf(PacketBatchReader packet) throws IOException {
        if (interfaces.isEmpty() && !query.hasFrom()) {
            beginNs = packet.timestampNs();
        }
        Session session = new Session(packet.sensorId(), packet.sessionId());
        sessions.add(session);
        Capture capture = new Capture(session, packet.captureId());
        Integer known = captures.get(capture);
        if (known != null) {
            return known;
        }
        CaptureReport report =
                ledgers.capture(packet.sensorId(), packet.sessionId(), packet.captureId());
        int id =
                idOf(
                        new Interface(
                                packet.sensorId(),
                                packet.interfaceName(),
                                description(packet.sensorId(), report),
                                report == null ? "" : report.getFilter(),
                                packet.linkType(),
                                packet.snapLength()));
        captures.put(capture, id);
        updateGaps(gapsUntil(query.toNs()));
        return id;
    }

    private int idOf(Interface described) throws IOException {
        Integer known = interfaces.get(described);
        if (known != null) {
            return known;
        }
        int id =
                writer.addInterface(
                        described.name(),
                        described.description(),
                        described.filter(),
                        described.linkType(),
                        described.snapLength());
        interfaces.put(described, id);
        gapsById.add(gaps.computeIfAbsent(described.named(), named -> new InterfaceGaps()));
        return id;
    }

    private static String description(String sensorId, @Nullable CaptureReport capture) {
        StringBuilder text = new StringBuilder("sensor ").append(sensorId);
        if (capture != null) {
            if (!capture.getDescription().isEmpty()) {
                text.append(", ").append(capture.getDescription());
            }
            if (capture.getHeadersOnly()) {
                text.append(", headers only");
            }
            if (capture.getSampledOneIn() > 1) {
                text.append(", 1 flow in ").append(capture.getSampledOneIn());
            }
        }
        return text.toString();
    }

    /// The gaps in the capture of an interface that end by a packet's time and were not told yet,
    /// in words.
    List<String> gapsBefore(int id, long timestampNs) {
        InterfaceGaps ofInterface = gapsById.get(id);
        return ofInterface.isDue(timestampNs) ? ofInterface.takeDue(timestampNs) : List.of();
    }

    private void updateGaps(Map<Named, List<CaptureGap>> newest) {
        gaps.forEach(
                (named, ofInterface) -> ofInterface.update(newest.getOrDefault(named, List.of())));
    }

    /// The ledgers' gaps between the file's beginning and a time.
    private Map<Named, List<CaptureGap>> gapsUntil(long endNs) {
        Map<Named, List<CaptureGap>> found = new TreeMap<>();
        for (SensorReport report : ledgers.reports()) {
            for (GapReport gap : report.getGaps()) {
                long toNs = gap.getToNs() == 0 ? Long.MAX_VALUE : gap.getToNs();
                if (query.wantsSensor(report.getSensorId())
                        && query.wantsInterface(gap.getInterfaceName())
                        && toNs > beginNs
                        && gap.getFromNs() < endNs) {
                    found.computeIfAbsent(
                                    new Named(report.getSensorId(), gap.getInterfaceName()),
                                    n -> new ArrayList<>())
                            .add(
                                    new CaptureGap(
                                            report.getSensorId(),
                                            report.getSessionId(),
                                            gap.getInterfaceName(),
                                            gap.getFromNs(),
                                            toNs,
                                            gap.getReason()));
                }
            }
        }
        return found;
    }

    /// Reads the ledgers anew, for [#writeStatistics].
    void refresh() {
        ledgers.refresh();
    }

    /// Writes for each interface what the ledgers of its sessions say of received and lost packets,
    /// and the gaps that no packet followed.
    ///
    /// Where a name has several interfaces here (the snap length was changed), the first gets the
    /// sum of all: the ledger counts by name. An interface that had nothing but gaps is described
    /// for them.
    ///
    /// @param endNs gaps that begin later are not of the file
    void writeStatistics(long endNs) throws IOException {
        Map<Named, List<CaptureGap>> newest = gapsUntil(endNs);
        if (writer instanceof PcapngWriter) {
            for (List<CaptureGap> ofInterface : newest.values()) {
                describe(ofInterface);
            }
        }
        updateGaps(newest);
        Set<Named> written = new HashSet<>();
        for (Map.Entry<Interface, Integer> entry : interfaces.entrySet()) {
            Named named = entry.getKey().named();
            if (written.add(named)) {
                writeStatistics(entry.getValue(), named, gapsById.get(entry.getValue()));
            }
        }
    }

    /// Describes the interface of gaps if the file does not have it.
    private void describe(List<CaptureGap> ofInterface) throws IOException {
        CaptureGap first = ofInterface.getFirst();
        Named named = new Named(first.sensorId(), first.interfaceName());
        ofInterface.forEach(gap -> sessions.add(new Session(gap.sensorId(), gap.sessionId())));
        if (interfaces.keySet().stream().anyMatch(i -> i.named().equals(named))) {
            return;
        }
        for (SensorReport report : ledgers.reports()) {
            for (CaptureReport capture : report.getCaptures()) {
                if (Session.of(report).equals(new Session(first.sensorId(), first.sessionId()))
                        && capture.getInterfaceName().equals(named.name())) {
                    idOf(
                            new Interface(
                                    named.sensorId(),
                                    named.name(),
                                    description(named.sensorId(), capture),
                                    capture.getFilter(),
                                    capture.getLinkType(),
                                    capture.getSnapLength()));
                    return;
                }
            }
        }
    }

    private void writeStatistics(int id, Named named, InterfaceGaps ofInterface)
            throws IOException {
        InterfaceStatistics statistics =
                InterfaceStatistics.of(
                        ledgers.reports().stream()
                                .filter(report -> sessions.contains(Session.of(report)))
                                .toList(),
                        named.sensorId(),
                        named.name());
        lost += statistics.lost();
        List<String> comments = new ArrayList<>(statistics.drops());
        comments.addAll(ofInterface.takeUntold());
        if (statistics.isEmpty() && comments.isEmpty()) {
            return;
        }
        writer.writeStatistics(
                id,
                statistics.timestampNs(),
                statistics.received(),
                statistics.interfaceDrops(),
                statistics.osDrops(),
                comments);
    }

    /// Packets that the written statistics call lost: of whole sessions, not of the range alone.
    long lost() {
        return lost;
    }

    /// Count of interfaces.
    int count() {
        return interfaces.size();
    }

    /// Count of sensors.
    long sensorCount() {
        return interfaces.keySet().stream().map(Interface::sensorId).distinct().count();
    }
}
