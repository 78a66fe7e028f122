package dev.ringtail.demo;

import dev.ringtail.consumer.flows.FlowAnalysis;
import dev.ringtail.consumer.flows.FlowAnalysisConfig;
import dev.ringtail.consumer.flows.FlowTimeouts;
import dev.ringtail.demo.traffic.TrafficGenerator;
import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.schema.Balance;
import dev.ringtail.schema.SchemaLookup;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Topics;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.KafkaTraffic;
import dev.ringtail.sensor.Sensor;
import dev.ringtail.sensor.StopSignal;
import dev.ringtail.sensor.config.ConfigLoader;
import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.ledger.LedgerSummary;
import dev.ringtail.sensor.ledger.LedgerTable;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.MissingCapabilityException;
import dev.ringtail.sensor.linux.NetworkInterface;
import dev.ringtail.sensor.linux.PacketSocket;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// One run of the demo, from the first check to the last line. For one thread.
///
/// Order of the start: right to capture, Kafka, sensor (which makes the topics), flow analysis,
/// traffic. Order of the end: traffic, sensor (which drains), flow analysis (which reads to the
/// end), ledger, export, Kafka.
final class Demo {
    static final String LOOPBACK = "lo";

    private static final Duration SECOND = Duration.ofSeconds(1);

    /// Less than this, and Kafka might halt the process for a full disk.
    private static final long MIN_USABLE_BYTES = 512L << 20;

    private final DemoOptions options;
    private final Console console;
    private final StopSignal stopSignal;

    Demo(DemoOptions options, Console console, StopSignal stopSignal) {
        this.options = options;
        this.console = console;
        this.stopSignal = stopSignal;
    }

    /// Runs the demo to its end.
    ///
    /// @return whether the ledger balances and the file holds every acknowledged packet
    boolean run() throws IOException {
        checkRightToCapture();
        try (DataFolder data = DataFolder.of(options.data());
                LocalKafka kafka = startKafka(data)) {
            SensorReport last = capture(kafka, data);
            console.out().print(LedgerTable.of(last));
            console.out().flush();
            if (options.summary() != null) {
                LedgerSummary.write(last, options.summary());
            }
            boolean complete = new SessionExport(console).write(kafka, last, options.pcapng());
            suggest(data);
            return complete && Balance.check(last).isEmpty();
        }
    }

    /// Before anything is started.
    ///
    /// @throws MissingCapabilityException without CAP_NET_RAW
    private void checkRightToCapture() {
        LibC libc = LibC.load();
        PacketSocket.checkAllowed(libc);
        NetworkInterface target = NetworkInterface.byName(libc, options.interfaceName());
        if (!target.up()) {
            throw new DemoException(
                    "interface %1$s is down; bring it up: ip link set %1$s up"
                            .formatted(target.name()));
        }
    }

    private LocalKafka startKafka(DataFolder data) {
        int port = Ports.KAFKA;
        if (options.port() != null) {
            port = options.port();
        } else if (!LocalKafka.isPortFree(port)) {
            console.say("port " + port + " is taken, so the demo's Kafka takes another");
            port = 0;
        }
        LocalKafka kafka = LocalKafka.start(data.kafka(), port, Map.of());
        console.say("Kafka      " + kafka.bootstrapServers() + ", data in " + data.path());
        return kafka;
    }

    /// Captures until it is time to end.
    ///
    /// @return the final ledger
    private SensorReport capture(LocalKafka kafka, DataFolder data) throws IOException {
        SensorConfig config = sensorConfig(kafka);
        try (Sensor sensor =
                        Sensor.open(config, KafkaTraffic.matcher(), stopSignal::await, step -> {});
                FlowAnalysis flows = startFlows(kafka, config, data)) {
            sensor.start();
            console.say(
                    "sensor     %s, %d lanes, session %s"
                            .formatted(
                                    options.interfaceName(),
                                    sensor.captured().getFirst().laneCount(),
                                    sensor.session().sessionId()));
            if (isLoopback() && !options.outgoing()) {
                console.say("           only what comes in, as all that goes out comes in again");
            }
            watchTraffic(sensor, flows, data);
            console.say("stopping: the sensor drains, then the flow analysis");
            SensorReport last = sensor.stop();
            flows.finish((read, all) -> {});
            return last;
        }
    }

    /// Watches with traffic of the demo's own, where there is any.
    private void watchTraffic(Sensor sensor, FlowAnalysis flows, DataFolder data)
            throws IOException {
        if (!isLoopback()) {
            console.say("traffic    none of the demo's own: it makes traffic on lo alone");
            watch(sensor, flows, data);
            return;
        }
        TrafficGenerator traffic = TrafficGenerator.start();
        try (traffic) {
            traffic.notes().forEach(n -> console.say("traffic    " + n));
            watch(sensor, flows, data);
        }
        traffic.faults().forEach(f -> console.say("traffic    " + f));
    }

    private boolean isLoopback() {
        return options.interfaceName().equals(LOOPBACK);
    }

    private SensorConfig sensorConfig(LocalKafka kafka) {
        ConfigLoader loader =
                new ConfigLoader(Map.of())
                        .set("interfaces", List.of(options.interfaceName()))
                        .set("lanes", options.lanes())
                        .kafka("bootstrap.servers", kafka.bootstrapServers());
        if (options.outgoing()) {
            loader.set("outgoing", "true");
        }
        return loader.load();
    }

    private static FlowAnalysis startFlows(LocalKafka kafka, SensorConfig config, DataFolder data) {
        return FlowAnalysis.start(
                new FlowAnalysisConfig(
                        clientProperties(kafka),
                        Topics.withPrefix(config.topicPrefix()),
                        WireFormat.SINGLE_OBJECT,
                        FlowTimeouts.DEFAULT,
                        data.path().resolve("streams")),
                SchemaLookup.NONE);
    }

    private void watch(Sensor sensor, FlowAnalysis flows, DataFolder data) {
        LiveView view = new LiveView(console.err(), LiveView.stderrIsTerminal());
        long startNs = System.nanoTime();
        long endNs = options.duration() == null ? Long.MAX_VALUE : options.duration().toNanos();
        Figures earlier = Figures.of(sensor.snapshot());
        long elapsedNs = 0;
        while (elapsedNs < endNs && data.usableBytes() > MIN_USABLE_BYTES) {
            Duration pause = Duration.ofNanos(Math.min(SECOND.toNanos(), endNs - elapsedNs));
            if (stopSignal.await(pause)) {
                return;
            }
            Throwable failure = sensor.failure();
            if (failure != null) {
                throw new DemoException("the sensor has failed: " + failure.getMessage(), failure);
            }
            elapsedNs = System.nanoTime() - startNs;
            Figures now = Figures.of(sensor.snapshot());
            List<BusyFlow> busiest =
                    flows.busiest(LiveView.FLOW_COUNT).stream().map(BusyFlow::of).toList();
            view.show(Math.round(elapsedNs / 1e9) + " s", earlier, now, busiest);
            earlier = now;
        }
        if (elapsedNs < endNs) {
            console.say(
                    "ends early: less than %s are left in %s"
                            .formatted(LiveView.bytes((double) MIN_USABLE_BYTES), data.path()));
        }
    }

    /// A few things to try next.
    private void suggest(DataFolder data) {
        console.say("next:");
        console.say("  tshark -q -z conv,tcp -r " + options.pcapng());
        console.say("  wireshark " + options.pcapng());
        if (data.isTemporary()) {
            console.say(
                    "  ./ringtail demo --data FOLDER    keeps Kafka's data for the other commands");
        } else {
            console.say("  ./ringtail kafka --data %s &".formatted(data.path()));
            console.say("  ./ringtail flows --bootstrap-server 127.0.0.1:" + Ports.KAFKA);
            console.say("  ./ringtail verify --bootstrap-server 127.0.0.1:" + Ports.KAFKA);
        }
    }

    private static Map<String, Object> clientProperties(LocalKafka kafka) {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }
}
