package dev.ringtail.consumer.flows;

import dev.ringtail.cli.SoftwareVersion;
import dev.ringtail.consumer.CommandException;
import dev.ringtail.consumer.Interruption;
import dev.ringtail.consumer.KafkaOptions;
import dev.ringtail.consumer.ManagementOption;
import dev.ringtail.consumer.TopicReader;
import dev.ringtail.consumer.TroubleLines;
import dev.ringtail.consumer.WriterSchemas;
import dev.ringtail.management.Managed;
import dev.ringtail.management.ManagementServer;
import dev.ringtail.registry.RegisteredFormat;
import dev.ringtail.registry.RegistryException;
import dev.ringtail.registry.RegistrySettings;
import dev.ringtail.schema.FlowRecord;
import dev.ringtail.schema.WireFormat;

import org.apache.avro.Schema;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;

/// `flows`: runs the flow analysis and prints what is in the flows topic.
///
/// Without `--follow` it reads up to where the packets topic ends, writes the flows that are open
/// then, prints and ends; a second run finds nothing new and prints the same. With it, it waits for
/// schema registry and packets topic, goes on until it is interrupted, and leaves open flows to the
/// next run.
@Command(
        name = "flows",
        mixinStandardHelpOptions = true,
        versionProvider = SoftwareVersion.class,
        description = {
            "Analyse captured packets into flows, and print them.",
            "",
            "Exit: 0 fine, 1 failed, 2 wrong usage.",
            ""
        })
public final class FlowsCommand implements Callable<Integer> {
    /// How often to look whether the analysis still runs, where nothing is printed.
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(200);

    @Mixin private KafkaOptions kafka = new KafkaOptions();

    @Option(
            names = "--follow",
            description = {
                "Go on with packets to come, printing each record as it is written. Waits for a"
                        + " sensor to make the packets topic, and for the schema registry."
            })
    private boolean follow;

    @Option(
            names = "--output",
            paramLabel = "json|table|none",
            defaultValue = "table",
            description =
                    "table: a row for each five-tuple, most octets first (with --follow: for each"
                            + " record); json: a line for each record; none: nothing, for a service"
                            + " whose flows are read from the topic (default: ${DEFAULT-VALUE}).")
    private FlowOutput output = FlowOutput.TABLE;

    @Option(
            names = "--active-timeout",
            paramLabel = "DURATION",
            defaultValue = "60s",
            converter = DurationConverter.class,
            description = "Longest time one record covers (default: ${DEFAULT-VALUE}).")
    private Duration activeTimeout = Duration.ofSeconds(60);

    @Option(
            names = "--idle-timeout",
            paramLabel = "DURATION",
            defaultValue = "15s",
            converter = DurationConverter.class,
            description = "Time without a packet that ends a flow (default: ${DEFAULT-VALUE}).")
    private Duration idleTimeout = Duration.ofSeconds(15);

    @Option(
            names = "--state-dir",
            paramLabel = "FOLDER",
            description =
                    "Where Kafka Streams works (default: a temporary folder; state is restored from"
                            + " Kafka either way).")
    private @Nullable Path stateFolder;

    @Mixin private ManagementOption management = new ManagementOption();

    /// What the user was told last of what is waited for.
    private String told = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() {
        // What is wrong with the options is told before anything is waited for.
        FlowTimeouts timeouts = FlowTimeouts.of(activeTimeout, idleTimeout);
        Map<String, Object> client = kafka.clientProperties();
        @Nullable RegistrySettings registry = kafka.registry();
        try (@Nullable ManagementServer endpoint = management.open();
                StateFolder folder = new StateFolder(stateFolder)) {
            Function<WireFormat, FlowAnalysisConfig> configOf =
                    format ->
                            new FlowAnalysisConfig(
                                    client, kafka.topics(), format, timeouts, folder.path());
            if (follow) {
                follow(registry, configOf, endpoint);
            } else {
                FlowAnalysisConfig config = configOf.apply(wireFormat(registry));
                analyse(config, endpoint);
                if (output != FlowOutput.NONE) {
                    print(config);
                }
            }
        }
        return ExitCode.OK;
    }

    private WireFormat wireFormat(@Nullable RegistrySettings registry) {
        if (registry == null) {
            return WireFormat.SINGLE_OBJECT;
        }
        try {
            return RegisteredFormat.register(registry, schemas());
        } catch (RegistryException e) {
            throw failed(e);
        }
    }

    /// The format, from a registry that may be started later.
    ///
    /// @return null if the command is to finish before the registry is there
    private @Nullable WireFormat awaitWireFormat(
            @Nullable RegistrySettings registry,
            Interruption interruption,
            @Nullable ManagementServer endpoint) {
        if (registry == null) {
            return WireFormat.SINGLE_OBJECT;
        }
        try {
            return RegisteredFormat.await(
                    registry,
                    schemas(),
                    fault ->
                            tellOf(
                                    "waiting for the schema registry: " + fault.getMessage(),
                                    endpoint),
                    interruption::await);
        } catch (RegistryException e) {
            throw failed(e);
        }
    }

    private Map<String, Schema> schemas() {
        return Map.of(kafka.topics().flows(), FlowRecord.getClassSchema());
    }

    private static CommandException failed(RegistryException e) {
        return new CommandException(String.valueOf(e.getMessage()), e);
    }

    private void analyse(FlowAnalysisConfig config, @Nullable ManagementServer endpoint) {
        PrintWriter err = err();
        FlowAnalysis analysis = FlowAnalysis.start(config, new WriterSchemas(kafka));
        tellOf(analysis, endpoint);
        analysis.finish(new ProgressLines(err));
        FlowCounters counters = analysis.counters();
        err.printf(
                "flows: %d packets in %d batches (%d packets without IP, %d repeated packets"
                        + " skipped, %d corrupt batches skipped), %d new records%n",
                counters.packets(),
                counters.batches(),
                counters.packetsWithoutFlow(),
                counters.duplicatePackets(),
                counters.corruptBatches(),
                counters.flowRecords());
        if (counters.restarts() > 0) {
            err.println(
                    "tasks began anew, as after an outage of Kafka: what they read again is counted"
                            + " again above, but once in the flows");
        }
        if (counters.flowRecords() == 0 && output != FlowOutput.NONE) {
            err.println("no new flows; any that follow are of other runs");
        }
        err.flush();
    }

    private static void tellOf(FlowAnalysis analysis, @Nullable ManagementServer endpoint) {
        if (endpoint != null) {
            endpoint.watch(analysis.managed());
        }
    }

    private void print(FlowAnalysisConfig config) {
        PrintWriter out = spec.commandLine().getOut();
        try (FlowTopics topics = new FlowTopics(config.clientProperties(), config.topics())) {
            List<TopicPartition> partitions = topics.flowsPartitions();
            Map<TopicPartition, Long> ends = topics.endOffsets(partitions);
            FlowTotals totals = new FlowTotals();
            Consumer<FlowRecord> sink =
                    output == FlowOutput.JSON
                            ? flow -> out.println(FlowJson.line(flow))
                            : totals::add;
            try (FlowRecordReader reader =
                    new FlowRecordReader(
                            config.clientProperties(), partitions, new WriterSchemas(kafka))) {
                reader.readTo(ends, sink);
            }
            if (output == FlowOutput.TABLE) {
                out.println(FlowRow.header());
                totals.byOctets().forEach(flow -> out.println(FlowRow.of(flow)));
            }
        }
        out.flush();
    }

    private void follow(
            @Nullable RegistrySettings registry,
            Function<WireFormat, FlowAnalysisConfig> configOf,
            @Nullable ManagementServer endpoint) {
        try (Interruption interruption = new Interruption()) {
            @Nullable WireFormat format = awaitWireFormat(registry, interruption, endpoint);
            if (format != null && awaitPackets(interruption, endpoint)) {
                analyseUntil(interruption, configOf.apply(format), endpoint);
            }
            interruption.setExitCode(0);
        }
    }

    /// A sensor makes the packets topic, and may be started later.
    ///
    /// @return whether the topic is there; false if the command is to finish before it is
    private boolean awaitPackets(Interruption interruption, @Nullable ManagementServer endpoint) {
        try (@Nullable TopicReader reader =
                TopicReader.await(
                        kafka,
                        kafka.topics().packets(),
                        waiting -> tellOf(waiting, endpoint),
                        interruption::isRequested)) {
            return reader != null;
        }
    }

    private void tellOf(String waiting, @Nullable ManagementServer endpoint) {
        if (!waiting.equals(told)) {
            err().println(waiting);
            err().flush();
            told = waiting;
        }
        if (endpoint != null) {
            endpoint.notReady(waiting);
        }
    }

    private void analyseUntil(
            Interruption interruption,
            FlowAnalysisConfig config,
            @Nullable ManagementServer endpoint) {
        try (FlowAnalysis analysis = FlowAnalysis.start(config, new WriterSchemas(kafka))) {
            tellOf(analysis, endpoint);
            Managed state = analysis.managed();
            TroubleLines troubles = new TroubleLines("the flow analysis", err(), System::nanoTime);
            Runnable look =
                    () -> {
                        analysis.checkRunning();
                        troubles.look(state.troubles());
                    };
            if (output == FlowOutput.NONE) {
                while (!interruption.await(CHECK_INTERVAL)) {
                    look.run();
                }
            } else {
                printUntil(interruption, config, look);
            }
        }
    }

    /// @param look called again and again
    private void printUntil(Interruption interruption, FlowAnalysisConfig config, Runnable look) {
        PrintWriter out = spec.commandLine().getOut();
        try (FlowTopics topics = new FlowTopics(config.clientProperties(), config.topics());
                FlowRecordReader reader =
                        new FlowRecordReader(
                                config.clientProperties(),
                                topics.flowsPartitions(),
                                new WriterSchemas(kafka))) {
            if (output == FlowOutput.TABLE) {
                out.println(FlowRow.header());
            }
            // checkError: whoever read our output is gone (`flows --follow | head`).
            while (!interruption.isRequested() && !out.checkError()) {
                look.run();
                reader.poll(
                        flow ->
                                out.println(
                                        output == FlowOutput.JSON
                                                ? FlowJson.line(flow)
                                                : FlowRow.of(flow)));
            }
        }
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
