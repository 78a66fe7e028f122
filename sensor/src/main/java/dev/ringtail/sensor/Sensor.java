package dev.ringtail.sensor;

import dev.ringtail.schema.InterfaceReport;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Topics;
import dev.ringtail.sensor.config.HostName;
import dev.ringtail.sensor.config.InvalidConfigException;
import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.delivery.BatchDestination;
import dev.ringtail.sensor.delivery.BatchSink;
import dev.ringtail.sensor.lane.BatchBudget;
import dev.ringtail.sensor.lane.OwnTrafficMatcher;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.ledger.SessionFacts;
import dev.ringtail.sensor.linux.InterfaceCounters;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.PacketSocket;
import dev.ringtail.sensor.publish.KafkaDestination;
import dev.ringtail.sensor.publish.KafkaSettings;
import dev.ringtail.sensor.publish.TopicSettings;
import dev.ringtail.sensor.record.FileDestination;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// A running capture: the rings and lanes of its interfaces, one sink, one ledger.
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
    private final BatchDestination destination;
    private final BatchSink sink;
    private final List<InterfaceLanes> interfaces;
    private @Nullable Throwable reportFailure;
    private boolean stopped;

    private Sensor(
            SensorConfig config,
            Ledger ledger,
            BatchDestination destination,
            BatchSink sink,
            List<InterfaceLanes> interfaces) {
        this.config = config;
        this.ledger = ledger;
        this.destination = destination;
        this.sink = sink;
        this.interfaces = interfaces;
    }

    /// Checks interfaces, filter and memory, prepares the destination, and opens the rings, deaf.
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

        BatchDestination destination = destination(config);
        BatchBudget budget = budget(config, destination);
        Ledger ledger = new Ledger(session(config, destination), Clock.systemUTC());
        BatchSink sink = destination.open(ledger, budget.batchBytes());
        List<InterfaceLanes> interfaces = new ArrayList<>();
        Sensor sensor = new Sensor(config, ledger, destination, sink, interfaces);
        try {
            LaneFactory lanes =
                    new LaneFactory(config, destination, budget, ledger, sink, ownTraffic);
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

    private static BatchDestination destination(SensorConfig config) {
        if (config.record().isWanted()) {
            return FileDestination.prepare(config);
        }
        return KafkaDestination.prepare(
                new KafkaSettings(config.kafka()),
                Topics.withPrefix(config.topicPrefix()),
                new TopicSettings(
                        config.partitions(),
                        TopicSettings.DEFAULT_RETENTION_BYTES,
                        config.batch().size().intBytes()));
    }

    private static BatchBudget budget(SensorConfig config, BatchDestination destination) {
        try {
            return BatchBudget.share(
                    config.batch().memory().bytes(),
                    config.batch().size().intBytes(),
                    destination.maxBatchBytes(),
                    config.laneCount(),
                    destination.partitionCount(),
                    config.ring().geometry().blockBytes());
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigException("batch.memory", String.valueOf(e.getMessage()));
        }
    }

    private static SessionFacts session(SensorConfig config, BatchDestination destination) {
        return new SessionFacts(
                config.sensorId(),
                UUID.randomUUID().toString(),
                HostName.get(),
                SoftwareVersion.get(),
                Ledger.nanosecondsOf(Clock.systemUTC().instant()),
                destination.partitionCount(),
                destination.weakened());
    }

    /// Starts the sink and the lanes, and lets packets in.
    public void start() {
        // First what may fail, so that no session is reported that never was.
        interfaces.forEach(i -> i.join(config.promiscuous()));
        List<InterfaceCounters> counters =
                config.interfaces().stream().map(InterfaceCounters::new).toList();
        ledger.interfaceSource(() -> interfaceReports(counters));
        interfaces.forEach(i -> ledger.captures().attached(i.capture().report(config)));
        sink.start();
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

    /// Where the packets go.
    public BatchDestination destination() {
        return destination;
    }

    /// The ledger's session.
    public SessionFacts session() {
        return ledger.session();
    }

    /// The ledger now. Its terms are read while lanes run, so they balance only after [#stop].
    public SensorReport snapshot() {
        return ledger.snapshot(false);
    }

    /// Why a lane or the sink failed, or why the final report was not delivered; null while all is
    /// well.
    public @Nullable Throwable failure() {
        if (reportFailure != null) {
            return reportFailure;
        }
        if (sink.failure() != null) {
            return sink.failure();
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
        sink.drain(Duration.ofNanos(Math.max(0, leftNs)));
        SensorReport last = ledger.snapshot(true);
        try {
            sink.finish(last, REPORT_LIMIT);
        } catch (RuntimeException e) {
            reportFailure = e;
        }
        stopped = true;
        close();
        return last;
    }

    /// Frees everything; without [#stop] before, what was not delivered is lost.
    @Override
    public void close() {
        if (!stopped) {
            interfaces.forEach(InterfaceLanes::deafen);
            interfaces.forEach(i -> i.drain(Duration.ZERO));
            interfaces.forEach(InterfaceLanes::awaitEnd);
        }
        sink.close();
        interfaces.forEach(InterfaceLanes::close);
        interfaces.clear();
    }
}
