package dev.ringtail.demo;

import dev.ringtail.cli.SoftwareVersion;
import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.sensor.StopSignal;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;

/// `kafka`: a local broker until Ctrl-C, for those who have none.
@Command(
        name = "kafka",
        mixinStandardHelpOptions = true,
        versionProvider = SoftwareVersion.class,
        description = {
            "Run a single-node Kafka on this machine until Ctrl-C.",
            "It listens on the loopback address alone, without encryption or credentials. Its first"
                    + " line on standard output is its address, as --bootstrap-server takes it.",
            "",
            "Exit: 0 fine, 1 failed, 2 wrong usage.",
            ""
        })
final class KafkaCommand implements Callable<Integer> {
    private static final Duration FOREVER = Duration.ofDays(365);

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    private final StopSignal stopSignal;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "" + Ports.KAFKA,
            description = "TCP port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
    private int port = Ports.KAFKA;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Folder for its data, which a later start finds again (default: a temporary"
                            + " one, removed at the end).")
    private @Nullable Path data;

    /// @param stopSignal ends the broker
    KafkaCommand(StopSignal stopSignal) {
        this.stopSignal = stopSignal;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        int checkedPort = Ports.checked(spec, port);
        try (DataFolder folder = DataFolder.of(data);
                LocalKafka kafka = LocalKafka.start(folder.kafka(), checkedPort, Map.of())) {
            out.println(kafka.bootstrapServers());
            out.flush();
            err.println(
                    "Kafka is running, its data in "
                            + folder.path()
                            + (folder.isTemporary() ? " until it ends" : "")
                            + "; Ctrl-C ends it");
            err.flush();
            boolean asked = false;
            while (!asked) {
                asked = stopSignal.await(FOREVER);
            }
            err.println("stopping Kafka");
            err.flush();
        }
        return 0;
    }
}
