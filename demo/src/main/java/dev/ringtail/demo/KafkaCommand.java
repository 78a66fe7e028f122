package dev.ringtail.demo;

import dev.ringtail.localkafka.LocalKafka;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;

/// `kafka`: a local broker until Ctrl-C, for those who have none.
@Command(
        name = "kafka",
        mixinStandardHelpOptions = true,
        description = {
            "Run a single-node Kafka on this machine until Ctrl-C.",
            "It listens on the loopback address alone, without encryption or credentials. Its first"
                + " line on standard output is its address, as --bootstrap-server takes it."
        })
final class KafkaCommand implements Callable<Integer> {
    private static final int DEFAULT_PORT = 9092;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "" + DEFAULT_PORT,
            description = "TCP port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
    private int port = DEFAULT_PORT;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Folder for its data, which a later start finds again (default: a temporary"
                        + " one, removed at the end).")
    private @Nullable Path data;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        StopRequest stop = StopRequest.listen();
        try (DataFolder folder = DataFolder.of(data);
                LocalKafka kafka =
                        LocalKafka.start(folder.path(), Ports.checked(spec, port), Map.of())) {
            out.println(kafka.bootstrapServers());
            out.flush();
            err.println(
                    "Kafka is running, its data in "
                            + folder.path()
                            + (data == null ? " until it ends" : "")
                            + "; Ctrl-C ends it");
            err.flush();
            stop.await();
            err.println("stopping Kafka");
            err.flush();
        } finally {
            stop.finished(0);
        }
        return 0;
    }
}
