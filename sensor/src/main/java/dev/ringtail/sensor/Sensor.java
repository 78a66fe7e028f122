package dev.ringtail.sensor;

import dev.ringtail.schema.InterfaceReport;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Topics;
import dev.ringtail.sensor.config.HostName;
import dev.ringtail.sensor.config.InvalidConfigException;
import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.lane.BatchBudget;
import dev.ringtail.sensor.lane.OwnTrafficMatcher;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.ledger.SessionFacts;
import dev.ringtail.sensor.linux.InterfaceCounters;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.PacketSocket;
import dev.ringtail.sensor.publish.KafkaSettings;
import dev.ringtail.sensor.publish.Publisher;
import dev.ringtail.sensor.publish.ReportPublisher;
import dev.ringtail.sensor.publish.TopicFacts;
import dev.ringtail.sensor.publish.TopicSettings;
import dev.ringtail.sensor.publish.TopicSetup;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// A running capture: the rings and lanes of its interfaces, one publisher, one ledger.
///
/// [#open] makes everything that can fail before the first packet; [#start] lets packets in;
/// [#stop] drains in order: all filters shut, lanes emptied, batches acknowledged, the final report
/// written. The thread that opens and starts decides the network namespace that is captured.
public final class Sensor implements AutoCloseable {
    private static final Duration LANE_DRAIN_LIMIT = Duration.ofSeconds(5);
    private static final Duration REPORT_LIMIT = Duration.ofSeconds(5);

    /// What the final report and the producers' closing may take of the time for a stop.
    private static final Duration CLOSING_RESERVE = Duration.ofSeconds(8);

    private final SensorConfig config;
    private final Ledger ledger;
    private final TopicFacts topicFacts;
    private final Publisher publisher;
    private final ReportPublisher reports;
    private final List<InterfaceLanes> interfaces;
    private @Nullable Throwable reportFailure;
    private boolean stopped;

    private Sensor(
            SensorConfig config,
            Ledger ledger,
            TopicFacts topicFacts,
            Publisher publisher,
            ReportPublisher reports,
            List<InterfaceLanes> interfaces) {
        this.config = config;
        this.ledger = ledger;
        this.topicFacts = topicFacts;
        this.publisher = publisher;
        this.reports = reports;
        this.interfaces = interfaces;
    }

    /// Checks interfaces, filter and memory, prepares the topics, and opens the rings, deaf.
    ///
    /// @param ownTraffic tells the sensor's own connections, which are left out and counted
    /// @throws RuntimeException one of the packages' own, with a message for the user
    public static Sensor open(SensorConfig config, OwnTrafficMatcher ownTraffic) {
        LibC libc = LibC.load();
        PacketSocket.checkAllowed(libc);
        List<InterfaceCapture> captures = new ArrayList<>();
        for (String name : config.interfaces()) {
            captures.add(InterfaceCapture.prepare(libc, config, captures.size() + 1, name));
        }
        MemoryGuard.check(config.ring(), config.laneCount());
        WarmUp warmUp = WarmUp.begin(ownTraffic);

        Topics topics = Topics.withPrefix(config.topicPrefix());
        KafkaSettings kafka = new KafkaSettings(config.kafka());
        TopicFacts facts =
                TopicSetup.prepare(
                        kafka,
                        topics,
                        new TopicSettings(
                                config.partitions(),
                                TopicSettings.DEFAULT_RETENTION_BYTES,
                                config.batch().size().intBytes()));
        BatchBudget budget = budget(config, facts);
        Ledger ledger = new Ledger(session(config, facts, kafka), Clock.systemUTC());
        ReportPublisher reports = new ReportPublisher(kafka, topics, ledger);
        Publisher publisher =
                publisher(kafka, topics.packets(), budget.batchBytes(), ledger, reports);
        List<InterfaceLanes> interfaces = new ArrayList<>();
        Sensor sensor = new Sensor(config, ledger, facts, publisher, reports, interfaces);
        try {
            LaneFactory lanes =
                    new LaneFactory(config, facts, budget, ledger, publisher, ownTraffic);
            for (InterfaceCapture capture : captures) {
                interfaces.add(InterfaceLanes.open(libc, capture, lanes));
            }
            warmUp.await();
            return sensor;
        } catch (RuntimeException e) {
            sensor.close();
            throw e;
        }
    }

    private static BatchBudget budget(SensorConfig config, TopicFacts facts) {
        try {
            return BatchBudget.share(
                    config.batch().memory().bytes(),
                    config.batch().size().intBytes(),
                    facts.maxRecordBytes(),
                    config.laneCount(),
                    facts.partitionCount(),
                    config.ring().geometry().blockBytes());
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigException("batch.memory", String.valueOf(e.getMessage()));
        }
    }

    private static Publisher publisher(
            KafkaSettings kafka,
            String topic,
            int batchBytes,
            Ledger ledger,
            ReportPublisher reports) {
        try {
            return new Publisher(kafka, topic, batchBytes, ledger, false);
        } catch (RuntimeException e) {
            reports.close();
            throw e;
        }
    }

    private static SessionFacts session(
            SensorConfig config, TopicFacts facts, KafkaSettings kafka) {
        return new SessionFacts(
                config.sensorId(),
                UUID.randomUUID().toString(),
                HostName.get(),
                SoftwareVersion.get(),
                Ledger.nanosecondsOf(Clock.systemUTC().instant()),
                facts.partitionCount(),
                kafka.weakened());
    }

    /// Starts the lanes and lets packets in. The schemas are in Kafka before the first batch.
    public void start() {
        // First what may fail, so that no session is reported that never was.
        interfaces.forEach(InterfaceLanes::join);
        List<InterfaceCounters> counters =
                config.interfaces().stream().map(InterfaceCounters::new).toList();
        ledger.interfaceSource(() -> interfaceReports(counters));
        interfaces.forEach(i -> ledger.captures().attached(i.capture().report(config)));
        reports.start();
        publisher.start();
        interfaces.forEach(InterfaceLanes::start);
    }

    private static List<InterfaceReport> interfaceReports(List<InterfaceCounters> counters) {
        return counters.stream().map(InterfaceCounters::since).toList();
    }

    /// The attachment to an interface.
    InterfaceCapture capture(String interfaceName) {
        return interfaces.stream()
                .map(InterfaceLanes::capture)
                .filter(c -> c.target().name().equals(interfaceName))
                .findFirst()
                .orElseThrow();
    }

    /// What was found out about the topics.
    public TopicFacts topicFacts() {
        return topicFacts;
    }

    /// The ledger's session.
    public SessionFacts session() {
        return ledger.session();
    }

    /// The ledger now. Its terms are read while lanes run, so they balance only after [#stop].
    public SensorReport snapshot() {
        return ledger.snapshot(false);
    }

    /// Why a lane or the publisher ended that should not have, or why the final report is not in
    /// Kafka; null while all is well.
    public @Nullable Throwable failure() {
        if (reportFailure != null) {
            return reportFailure;
        }
        if (publisher.failure() != null) {
            return publisher.failure();
        }
        return interfaces.stream()
                .map(InterfaceLanes::failure)
                .filter(f -> f != null)
                .findFirst()
                .orElse(null);
    }

    /// Ends the capture in order and writes the final report.
    ///
    /// @return the final report, whose equations hold where everything could be drained in time
    public SensorReport stop() {
        long deadlineNs = System.nanoTime() + config.stopTimeout().duration().toNanos();
        interfaces.forEach(InterfaceLanes::deafen);
        interfaces.forEach(i -> i.drain(LANE_DRAIN_LIMIT));
        interfaces.forEach(InterfaceLanes::awaitEnd);
        long leftNs = deadlineNs - System.nanoTime() - CLOSING_RESERVE.toNanos();
        publisher.drain(Duration.ofNanos(Math.max(0, leftNs)));
        SensorReport last = ledger.snapshot(true);
        try {
            reports.finish(last, REPORT_LIMIT);
        } catch (RuntimeException e) {
            reportFailure = e;
        }
        stopped = true;
        close();
        return last;
    }

    /// Frees everything; without [#stop] before, what was not published is lost.
    @Override
    public void close() {
        if (!stopped) {
            interfaces.forEach(InterfaceLanes::deafen);
            interfaces.forEach(i -> i.drain(Duration.ZERO));
            interfaces.forEach(InterfaceLanes::awaitEnd);
        }
        publisher.close();
        reports.close();
        interfaces.forEach(InterfaceLanes::close);
        interfaces.clear();
    }
}
