package dev.ringtail.sensor;

import dev.ringtail.cli.SoftwareVersion;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Topics;
import dev.ringtail.sensor.capture.CaptureStatus;
import dev.ringtail.sensor.capture.CaptureSupervisor;
import dev.ringtail.sensor.capture.LaneFactory;
import dev.ringtail.sensor.config.HostName;
import dev.ringtail.sensor.config.InvalidConfigException;
import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.delivery.BatchDestination;
import dev.ringtail.sensor.delivery.BatchSink;
import dev.ringtail.sensor.delivery.SinkStatus;
import dev.ringtail.sensor.lane.BatchBudget;
import dev.ringtail.sensor.lane.OwnTrafficMatcher;
import dev.ringtail.sensor.lane.PacketRules;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.ledger.SessionFacts;
import dev.ringtail.sensor.linux.Capabilities;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.management.SensorState;
import dev.ringtail.sensor.publish.KafkaDestination;
import dev.ringtail.sensor.publish.KafkaSettings;
import dev.ringtail.sensor.publish.TopicSettings;
import dev.ringtail.sensor.record.FileDestination;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// A running capture: the rings and lanes of its interfaces, one sink, one ledger.
///
/// [#open] makes everything that can fail before the first packet; [#start] lets packets in;
/// [#stop] drains in order: all filters shut, lanes emptied, batches acknowledged, the final report
/// written. The thread that opens and starts decides the network namespace that is captured.
public final class Sensor implements AutoCloseable {
    private final SensorConfig config;
    private final Ledger ledger;
    private final BatchDestination destination;
    private final BatchSink sink;
    private final CaptureSupervisor captures;
    private volatile @Nullable Throwable stopFailure;
    private boolean stopped;
    private boolean closed;

    private Sensor(
            SensorConfig config,
            Ledger ledger,
            BatchDestination destination,
            BatchSink sink,
            CaptureSupervisor captures) {
        this.config = config;
        this.ledger = ledger;
        this.destination = destination;
        this.sink = sink;
        this.captures = captures;
    }

    /// Checks interfaces, filter and memory, prepares the destination, and opens the rings, deaf.
    ///
    /// @param ownTraffic tells the sensor's own connections, which are left out and counted
    /// @param stopRequested waits for so long; true ends the wait for a schema registry
    /// @param progress told what the start is at, or waits for, in a line
    /// @throws RuntimeException one of the packages' own, with a message for the user
    public static Sensor open(
            SensorConfig config,
            OwnTrafficMatcher ownTraffic,
            Predicate<Duration> stopRequested,
            Consumer<String> progress) {
        CaptureSupervisor captures = CaptureSupervisor.prepare(config);
        try {
            return supply(
                    config,
                    () -> openDestination(config, ownTraffic, captures, stopRequested, progress));
        } catch (RuntimeException e) {
            captures.close();
            throw e;
        }
    }

    /// Without capabilities where the destination is Kafka: the capture thread has what capturing
    /// needs, and whatever talks to a network, Kafka's own threads too, begins with none. Files are
    /// written as the user is who started the sensor: root may write to folders of others.
    private static <T> T supply(SensorConfig config, Supplier<T> task) {
        return config.record().isWanted()
                ? task.get()
                : Capabilities.supplyWithout(LibC.load(), task);
    }

    /// The rest of [#open].
    private static Sensor openDestination(
            SensorConfig config,
            OwnTrafficMatcher ownTraffic,
            CaptureSupervisor captures,
            Predicate<Duration> stopRequested,
            Consumer<String> progress) {
        WarmUp warmUp =
                WarmUp.begin(
                        ownTraffic, new PacketRules(true, config.headers(), config.sampling()));
        BatchDestination destination = destination(config, stopRequested, progress);
        progress.accept("opening the rings");
        BatchBudget budget = budget(config, destination);
        Ledger ledger = new Ledger(session(config, destination), Clock.systemUTC());
        BatchSink sink = destination.open(ledger, budget.batchBytes());
        try {
            captures.open(
                    ledger, new LaneFactory(config, destination, budget, ledger, sink, ownTraffic));
            warmUp.await();
            return new Sensor(config, ledger, destination, sink, captures);
        } catch (RuntimeException e) {
            sink.close();
            throw e;
        }
    }

    private static BatchDestination destination(
            SensorConfig config, Predicate<Duration> stopRequested, Consumer<String> progress) {
        if (config.record().isWanted()) {
            return FileDestination.prepare(config);
        }
        return KafkaDestination.prepare(
                new KafkaSettings(config.kafka()),
                Topics.withPrefix(config.topicPrefix()),
                new TopicSettings(
                        config.partitions(),
                        TopicSettings.DEFAULT_RETENTION_BYTES,
                        config.batch().size().intBytes()),
                stopRequested,
                progress);
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
        ledger.interfaceSource(captures::losses);
        BatchSink _ =
                supply(
                        config,
                        () -> {
                            sink.start();
                            return sink;
                        });
        try {
            captures.start();
        } catch (RuntimeException | Error e) {
            // The session has been announced, so it gets an end.
            stop();
            throw e;
        }
    }

    /// What is captured now.
    public List<CaptureStatus> captured() {
        return captures.status();
    }

    /// Whether the network namespace that was captured is there no more: nothing is left to do but
    /// to [#stop].
    public boolean namespaceEnded() {
        return captures.namespaceEnded();
    }

    /// Replaces the filters by those of another configuration while packets come; all or, where one
    /// can't be compiled, none.
    ///
    /// @return names of the interfaces whose filter is another now
    public List<String> changeFilters(SensorConfig changed) {
        return captures.changeFilters(changed);
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

    /// How the delivery is getting on. Callable from any thread.
    public SinkStatus delivery() {
        return sink.status();
    }

    /// Packets that the kernel has dropped for want of room, as the lanes last read it. Callable
    /// from any thread.
    long kernelDrops() {
        return ledger.kernelDrops();
    }

    /// How the time for a stop is shared out.
    StopTimes stopTimes() {
        return StopTimes.of(config.stopTimeout().duration());
    }

    /// How the capture is getting on. Callable from any thread.
    public SensorState state() {
        return new SensorState(
                snapshot(),
                captures.interfaces(),
                ledger.delivery().newestPacketNs(),
                delivery(),
                failure());
    }

    /// Why a lane or the sink failed, or why the final report was not delivered; null while all is
    /// well.
    public @Nullable Throwable failure() {
        if (stopFailure != null) {
            return stopFailure;
        }
        if (sink.failure() != null) {
            return sink.failure();
        }
        return captures.failure();
    }

    /// Ends the capture in order and writes the final report.
    ///
    /// @return the final report, whose equations hold where everything could be drained in time
    public SensorReport stop() {
        StopTimes times = stopTimes();
        long deadlineNs = System.nanoTime() + times.delivery().toNanos();
        try {
            captures.stop(times.lanes());
        } catch (RuntimeException e) {
            // What was captured is brought home all the same.
            stopFailure = e;
        }
        sink.drain(Duration.ofNanos(Math.max(0, deadlineNs - System.nanoTime())));
        SensorReport last = ledger.snapshot(true);
        try {
            sink.finish(last, times.report());
        } catch (RuntimeException e) {
            stopFailure = e;
        }
        stopped = true;
        close();
        return last;
    }

    /// Frees everything; without [#stop] before, what was not delivered is lost. Does nothing the
    /// second time.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (!stopped) {
                captures.stop(Duration.ZERO);
            }
        } finally {
            try {
                sink.close();
            } finally {
                captures.close();
            }
        }
    }
}
