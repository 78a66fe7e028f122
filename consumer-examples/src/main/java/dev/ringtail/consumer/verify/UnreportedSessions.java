package dev.ringtail.consumer.verify;

import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Topics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Sessions that have packets in the topic but no report: nobody can say whether they are whole.
final class UnreportedSessions {
    private UnreportedSessions() {}

    /// A verdict for each such session.
    static List<SessionVerdict> verdicts(
            Map<TopicAudit.StreamKey, StreamAudit> streams, Collection<SensorReport> reports) {
        Set<String> reported =
                reports.stream()
                        .map(r -> Topics.reportKey(r.getSensorId(), r.getSessionId()))
                        .collect(Collectors.toSet());
        Map<String, List<StreamAudit>> unreported = new TreeMap<>();
        streams.forEach(
                (key, stream) -> {
                    String session =
                            Topics.reportKey(key.lane().sensorId(), key.lane().sessionId());
                    if (!reported.contains(session)) {
                        unreported.computeIfAbsent(session, s -> new ArrayList<>()).add(stream);
                    }
                });
        return unreported.entrySet().stream()
                .map(entry -> verdict(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static SessionVerdict verdict(String session, List<StreamAudit> streams) {
        long present = streams.stream().mapToLong(StreamAudit::present).sum();
        return new SessionVerdict(
                session,
                present,
                0,
                streams.stream().mapToLong(StreamAudit::duplicates).sum(),
                0,
                0,
                0,
                "NO REPORT",
                List.of(present + " packets of a session without any report"));
    }
}
