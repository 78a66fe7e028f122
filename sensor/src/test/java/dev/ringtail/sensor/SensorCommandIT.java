package dev.ringtail.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.testing.Privileged;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a user is told who gets something wrong: one line that names it, and the right exit code.
@Privileged
class SensorCommandIT {
    /// Nobody listens on port 1.
    private static final String NO_BROKER = "localhost:1";

    @TempDir private Path folder;

    private final StringWriter err = new StringWriter();

    @Test
    void namesAnInterfaceThatIsNotThere() {
        assertThat(sensor("-i", "nope0", "--bootstrap-server", NO_BROKER)).isEqualTo(2);
        assertThat(err)
                .hasToString(
                        "ringtail sensor: interface nope0: ENODEV (no such device); `ringtail"
                                + " interfaces` lists what can be captured here\n");
    }

    @Test
    void quotesAFilterThatCanNotBeParsed() {
        assertThat(sensor("-i", "lo", "-f", "tcp prt 80", "--bootstrap-server", NO_BROKER))
                .isEqualTo(2);
        assertThat(err.toString())
                .startsWith("ringtail sensor: filter \"tcp prt 80\": ")
                .contains("syntax error")
                .hasLineCount(1);
    }

    @Test
    void refusesARingLargerThanTheMemoryBeforeTheKernelIsAsked() throws Exception {
        Path config = folder.resolve("large.yaml");
        Files.writeString(config, "ring: {blockSize: 64MiB, blockCount: 65535}\n");

        assertThat(
                        sensor(
                                "-i",
                                "lo",
                                "--config",
                                config.toString(),
                                "--bootstrap-server",
                                NO_BROKER))
                .isEqualTo(2);
        assertThat(err.toString())
                .startsWith("ringtail sensor: ring.blockCount: ")
                .contains("a quarter of the available memory is")
                .hasLineCount(1);
    }

    @Test
    void namesABrokerThatDoesNotAnswer() {
        assertThat(sensor("-i", "lo", "--bootstrap-server", NO_BROKER)).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("ringtail sensor: Kafka can't be reached at localhost:1")
                .hasLineCount(1);
    }

    @Test
    void namesAManagementPortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertThat(sensor("-i", "lo", "--bootstrap-server", NO_BROKER, "--management", address))
                    .isEqualTo(1);
            assertThat(err.toString())
                    .startsWith(
                            "ringtail sensor: the management endpoint can't listen at " + address)
                    .contains("Address already in use")
                    .hasLineCount(1);
        }
    }

    @Test
    void refusesAManagementAddressThatIsNone() {
        assertThat(sensor("-i", "lo", "--bootstrap-server", NO_BROKER, "--management", "9464"))
                .isEqualTo(2);
        assertThat(err.toString())
                .startsWith("ringtail sensor: --management: '9464' is not HOST:PORT")
                .hasLineCount(1);
    }

    @Test
    void asksForAnInterfaceAndForABroker() {
        assertThat(sensor("--bootstrap-server", NO_BROKER)).isEqualTo(2);
        assertThat(sensor("-i", "lo")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("ringtail sensor: interfaces: none given")
                .contains("ringtail sensor: kafka.bootstrap.servers: no broker given");
    }

    @Test
    void refusesABrokerWithoutAPort() {
        assertThat(sensor("-i", "lo", "--bootstrap-server", "kafka-1:9092,kafka-2")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("ringtail sensor: kafka.bootstrap.servers: 'kafka-2' is not HOST:PORT")
                .hasLineCount(1);
    }

    @Test
    void checksAConfigurationWithoutCapturing() {
        assertThat(sensor("-i", "lo", "--check", "--bootstrap-server", NO_BROKER)).isZero();
        assertThat(err).hasToString("The configuration is valid.\n");
    }

    private int sensor(String... arguments) {
        CommandLine command =
                Main.commandLine(StopSignal.never()).setErr(new PrintWriter(err, true));
        String[] all = new String[arguments.length + 1];
        all[0] = "sensor";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return command.execute(all);
    }
}
