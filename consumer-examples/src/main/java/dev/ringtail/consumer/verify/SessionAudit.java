package dev.ringtail.consumer.verify;

import dev.ringtail.consumer.LaneKey;
import dev.ringtail.schema.Balance;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.StreamReport;
import dev.ringtail.schema.Tally;
import dev.ringtail.schema.Topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/// Holds one session's ledger against what the topic has of it:
///
/// `acknowledged ≤ present + expired ≤ acknowledged + unknown + inFlight`
///
/// The left side for each stream; the right side for each lane, because the ledger counts unknown
/// ones by lane, and for final reports only: a running session has published more since.
final class SessionAudit {
    private static final int MAX_RUNS_NAMED = 10;

    /// A sensor reports once a second; this long without one, and it no longer runs.
    private static final Duration REPORTS_STOPPED = Duration.ofSeconds(10);

    private final SensorReport report;
    private final Map<TopicAudit.StreamKey, StreamAudit> streams;
    private final IntPredicate logHasExpired;
    private final List<String> problems = new ArrayList<>();
    private final Map<Integer, Long> foundByLane = new HashMap<>();
    private final Map<Integer, Long> expiredByLane = new HashMap<>();
    private long present;
    private long expired;
    private long duplicates;
    private long missing;

    /// @param streams what the topic holds
    /// @param logHasExpired whether a partition's log no longer begins at offset 0
    SessionAudit(
            SensorReport report,
            Map<TopicAudit.StreamKey, StreamAudit> streams,
            IntPredicate logHasExpired) {
        this.report = report;
        this.streams = streams;
        this.logHasExpired = logHasExpired;
    }

    /// Audits the session.
    SessionVerdict verdict() {
        report.getStreams().forEach(this::auditStream);
        auditUnlistedStreams();
        boolean complete = report.getFinal$();
        if (complete) {
            report.getLanes().forEach(this::auditUpperBound);
            Balance.check(report).forEach(i -> problems.add(i.toString()));
        }
        return new SessionVerdict(
                Topics.reportKey(report.getSensorId(), report.getSessionId()),
                present,
                expired,
                duplicates,
                missing,
                report.getLanes().stream().mapToLong(l -> l.getAcknowledged().getPackets()).sum(),
                report.getLanes().stream().mapToLong(l -> l.getUnknown().getPackets()).sum(),
                problems.isEmpty() ? (complete ? "ok" : unfinished(report)) : "FAILED",
                problems);
    }

    private void auditStream(StreamReport stream) {
        StreamAudit found = streams.getOrDefault(key(stream), new StreamAudit());
        long gone =
                found.expired(logHasExpired.test(stream.getPartition()), stream.getLastNumber());
        present += found.present();
        expired += gone;
        duplicates += found.duplicates();
        foundByLane.merge(stream.getLane(), found.present() + gone, Long::sum);
        expiredByLane.merge(stream.getLane(), gone, Long::sum);
        long lost = stream.getAcknowledgedPackets() - found.present() - gone;
        if (lost > 0) {
            missing += lost;
            problems.add(
                    "lane %d, partition %d: %d of %d acknowledged packets are missing; not there: %s"
                            .formatted(
                                    stream.getLane(),
                                    stream.getPartition(),
                                    lost,
                                    stream.getAcknowledgedPackets(),
                                    names(found.missing(gone, stream.getLastNumber()))));
        }
    }

    /// A session without a final report: it runs, or it was killed.
    private static String unfinished(SensorReport report) {
        Duration age =
                Duration.ofNanos(
                        Math.max(
                                0,
                                TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis())
                                        - report.getReportTimeNs()));
        return age.compareTo(REPORTS_STOPPED) < 0
                ? "ok, running"
                : "ok so far, not ended in order: last report " + age.toSeconds() + " s ago";
    }

    /// Packets of streams that the ledger does not list. A running session may have begun them
    /// since its newest report.
    private void auditUnlistedStreams() {
        Set<TopicAudit.StreamKey> listed =
                report.getStreams().stream().map(this::key).collect(Collectors.toSet());
        streams.forEach(
                (key, found) -> {
                    if (isOfSession(key.lane()) && !listed.contains(key)) {
                        present += found.present();
                        duplicates += found.duplicates();
                        if (report.getFinal$()) {
                            problems.add(
                                    "lane %d, partition %d: %d packets that the ledger does not list"
                                            .formatted(
                                                    key.lane().lane(),
                                                    key.partition(),
                                                    found.present()));
                        }
                    }
                });
    }

    private void auditUpperBound(LaneLedger lane) {
        long gone = expiredByLane.getOrDefault(lane.getLane(), 0L);
        // Of numbers that are gone nobody can tell whether Kafka ever had them.
        long rejected =
                gone == 0
                        ? 0
                        : lane.getRejected().values().stream().mapToLong(Tally::getPackets).sum();
        long most =
                lane.getAcknowledged().getPackets()
                        + lane.getUnknown().getPackets()
                        + lane.getInFlight().getPackets()
                        + rejected;
        long found = foundByLane.getOrDefault(lane.getLane(), 0L);
        if (found > most) {
            problems.add(
                    "lane %d: %d packets present or expired, where the ledger allows %d"
                            .formatted(lane.getLane(), found, most));
        }
    }

    private boolean isOfSession(LaneKey lane) {
        return lane.sensorId().equals(report.getSensorId())
                && lane.sessionId().equals(report.getSessionId());
    }

    private TopicAudit.StreamKey key(StreamReport stream) {
        return new TopicAudit.StreamKey(
                new LaneKey(report.getSensorId(), report.getSessionId(), stream.getLane()),
                stream.getPartition());
    }

    /// Names runs of packet numbers, the first few of many.
    static String names(List<NumberSet.Run> runs) {
        String named =
                runs.stream()
                        .limit(MAX_RUNS_NAMED)
                        .map(NumberSet.Run::toString)
                        .collect(Collectors.joining(", ", "packet numbers ", ""));
        return runs.size() <= MAX_RUNS_NAMED
                ? named
                : named + " and " + (runs.size() - MAX_RUNS_NAMED) + " more runs";
    }
}
