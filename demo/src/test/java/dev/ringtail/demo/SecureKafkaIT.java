package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.file.CaptureWriter;
import dev.ringtail.pcap.file.PcapWriter;
import dev.ringtail.sensor.StopSignal;
import dev.ringtail.testing.Frames;
import dev.ringtail.testing.Tools;

import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The commands, each as a user of its own, with the rights that `docs/how-to/secure-kafka.md`
/// gives it and no other, over TLS. The page's own commands make the topics and the rights.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class SecureKafkaIT {
    private static final String LAUNCHER =
            Path.of("..", "ringtail").toAbsolutePath().normalize().toString();
    private static final long T0 = 1_795_168_800_000_000_000L;
    private static final int PACKETS = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Path folder;
    private SecureKafka kafka;
    private Path imported;
    private int files;

    @BeforeAll
    void openKafka(@TempDir Path temporary) throws Exception {
        folder = temporary;
        kafka = new SecureKafka(folder.resolve("broker"));
        kafka.runCommands("Make the topics");
        kafka.runCommands("Allow the least");
        importFile(capture());
        kafka.repeatInAnotherVersion();
        imported = capture();
        importFile(imported);
    }

    @AfterAll
    void closeKafka() {
        if (kafka != null) {
            kafka.close();
        }
    }

    @Test
    void everyCommandWorksWithItsOwnRights() throws Exception {
        Path capture = capture();
        Path exported = folder.resolve("exported.pcapng");

        assertThat(launch("import", capture.toString()).stdout()).contains("balanced");
        assertThat(launch("import", capture.toString()).stderr()).contains("already imported");
        launch("export", "-w", exported.toString());
        assertThat(CaptureLab.read(exported)).containsAll(CaptureLab.read(capture));
        assertThat(launch("verify").stdout()).contains(" ok");
        assertThat(launch("flows", "--output", "json").stdout()).contains("communityId");
        assertThat(launch("flows", "--output", "json").stderr()).contains("0 new records");
    }

    /// Who lacks one right is told which topic or group it is, and what to grant.
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "import, WRITE, TOPIC, capture.schemas, DESCRIBE on topic capture.schemas",
                "import, WRITE, TOPIC, capture.reports, WRITE on topic capture.reports",
                "import, READ, TOPIC, capture.reports, READ on topics capture.reports and"
                        + " capture.packets",
                "import, READ, TOPIC, capture.packets, READ on topics capture.reports and"
                        + " capture.packets",
                "import, DESCRIBE, TOPIC, capture.flows, DESCRIBE on topic capture.flows",
                "export, READ, TOPIC, capture.packets, READ on topic capture.packets",
                "export, READ, TOPIC, capture.schemas, READ on topic capture.schemas",
                "verify, READ, TOPIC, capture.packets, READ on topic capture.packets",
                "verify, READ, TOPIC, capture.reports, READ on topic capture.reports",
                "verify, READ, TOPIC, capture.schemas, READ on topic capture.schemas",
                "flows, READ, TOPIC, capture.packets, READ on topic capture.packets",
                "flows, READ, TOPIC, capture.schemas, on topics capture.packets and"
                        + " capture.schemas",
                "flows, READ, TOPIC, capture.flows, READ on topic capture.flows",
                "flows, WRITE, TOPIC, capture.flows, WRITE on topic capture.flows",
                "flows, READ, GROUP, capture-flow-analysis, group capture-flow-analysis",
                "flows, WRITE, TRANSACTIONAL_ID, capture-flow-analysis-, capture-flow-analysis-",
                "flows, WRITE, TOPIC, capture-flow-analysis-, capture-flow-analysis-",
                "flows, READ, TOPIC, capture-flow-analysis-, capture-flow-analysis-",
            })
    void namesTheRightThatIsMissing(
            String user, AclOperation operation, ResourceType type, String name, String told)
            throws Exception {
        Collection<AclBinding> taken = kafka.take(user, operation, type, name);
        try {
            Tools.Result refused = use(user);

            assertThat(refused.exit()).as(refused.stderr()).isOne();
            assertThat(refused.stderr()).contains(told).doesNotContain("\tat ");
        } finally {
            kafka.give(taken);
        }
    }

    /// By the launcher, as the log has it and not the command's last words.
    @Test
    void importTellsOfPacketsThatAreRefused() throws Exception {
        Collection<AclBinding> taken =
                kafka.take("import", AclOperation.WRITE, ResourceType.TOPIC, "capture.packets");
        try {
            Tools.Result refused = launchWith(properties("import"), "import", capture().toString());

            assertThat(refused.exit()).as(refused.stderr()).isOne();
            assertThat(refused.stderr())
                    .contains("Kafka refuses packet batches")
                    .contains("grant WRITE on topic capture.packets");
        } finally {
            kafka.give(taken);
        }
    }

    @Test
    void flowsMakesItsChangelogs() throws Exception {
        kafka.runCommands("Make the topics", "fresh");
        kafka.runCommands("Allow the least", "fresh");
        run("import", capture().toString(), "--topic-prefix", "fresh").orFail();
        Collection<AclBinding> taken =
                kafka.take(
                        "flows", AclOperation.CREATE, ResourceType.TOPIC, "fresh-flow-analysis-");

        Tools.Result refused = run("flows", "--topic-prefix", "fresh");
        kafka.give(taken);

        assertThat(refused.exit()).as(refused.stderr()).isOne();
        assertThat(refused.stderr()).contains("CREATE", "fresh-flow-analysis-");
        run("flows", "--topic-prefix", "fresh").orFail();
    }

    /// Uses every right of a user.
    private Tools.Result use(String user) throws Exception {
        if (user.equals("flows")) {
            importFile(capture());
            kafka.repeatInAnotherVersion();
        }
        return run(user, arguments(user));
    }

    private String[] arguments(String user) throws IOException {
        return switch (user) {
            case "import" -> new String[] {imported.toString(), capture().toString()};
            case "export" -> new String[] {"-w", folder.resolve("any.pcapng").toString()};
            default -> new String[0];
        };
    }

    @Test
    void exportSaysThatItDoesWithoutReports() throws Exception {
        Collection<AclBinding> taken =
                kafka.take("export", AclOperation.READ, ResourceType.TOPIC, "capture.reports");
        try {
            Tools.Result export =
                    run("export", "-w", folder.resolve("any.pcapng").toString()).orFail();

            assertThat(export.stderr())
                    .containsOnlyOnce("without ledger reports: ")
                    .contains("grant READ on topic capture.reports");
        } finally {
            kafka.give(taken);
        }
    }

    @Test
    void namesAWrongPassword() throws Exception {
        kafka.setPassword("verify", "another");
        try {
            Tools.Result refused = run("verify");

            assertThat(refused.exit()).isOne();
            assertThat(refused.stderr())
                    .contains("invalid credentials")
                    .contains(kafka.scramListener());
        } finally {
            kafka.setPassword("verify", SecureKafka.password("verify"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"import", "export", "verify", "flows"})
    void namesACertificateThatIsNotTrusted(String user) throws Exception {
        Path other = new Certificates(folder.resolve("other-" + user)).authority();

        Tools.Result refused = runWith(authority(user, other), user, arguments(user));

        assertThat(refused.exit()).isOne();
        assertThat(refused.stderr())
                .contains("unable to find valid certification path")
                .contains(kafka.scramListener());
    }

    @ParameterizedTest
    @ValueSource(strings = {"import", "export", "verify", "flows"})
    void namesAFileThatIsNotThere(String user) throws Exception {
        Tools.Result refused =
                runWith(authority(user, Path.of("/no/ca.crt")), user, arguments(user));

        assertThat(refused.exit()).isOne();
        assertThat(refused.stderr()).contains("NoSuchFileException: /no/ca.crt");
    }

    private String authority(String user, Path file) throws IOException {
        return properties(user).replace(kafka.authority().toString(), file.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"import", "export", "verify", "flows"})
    void tellsOfTlsWhereNoneIsAskedFor(String user) throws Exception {
        Tools.Result refused = runWith("security.protocol=PLAINTEXT", user, arguments(user));

        assertThat(refused.exit()).isOne();
        assertThat(refused.stderr())
                .contains(
                        "Kafka at %s speaks TLS, and security.protocol is PLAINTEXT"
                                .formatted(kafka.scramListener()));
    }

    private Tools.Result importFile(Path capture) throws IOException {
        return run("import", capture.toString()).orFail();
    }

    /// Runs a command as the user of its name.
    private Tools.Result run(String command, String... arguments) throws IOException {
        return runWith(properties(command), command, arguments);
    }

    private Tools.Result runWith(String properties, String command, String... arguments)
            throws IOException {
        List<String> line = line(properties, command, arguments);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit =
                (command.equals("import")
                                ? dev.ringtail.sensor.Main.commandLine(StopSignal.never())
                                : dev.ringtail.consumer.Main.commandLine())
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .execute(line.toArray(String[]::new));
        return new Tools.Result(line, exit, out.toString(), err.toString());
    }

    /// The same by the launcher, and with success.
    private Tools.Result launch(String command, String... arguments) throws IOException {
        return launchWith(properties(command), command, arguments).orFail();
    }

    private Tools.Result launchWith(String properties, String command, String... arguments)
            throws IOException {
        List<String> line = line(properties, command, arguments);
        line.addFirst(LAUNCHER);
        return Tools.run(PATIENCE, line);
    }

    private List<String> line(String properties, String command, String... arguments)
            throws IOException {
        Path config = Files.writeString(folder.resolve(command + ".properties"), properties);
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(List.of(arguments));
        line.addAll(List.of("--bootstrap-server", kafka.scramListener()));
        line.addAll(List.of("--kafka-config", config.toString()));
        return line;
    }

    /// The page's file for a user of this Kafka.
    private String properties(String user) throws IOException {
        Path secrets = Files.createDirectories(folder.resolve("secrets-" + user));
        Files.writeString(secrets.resolve("password"), SecureKafka.password(user));
        return SecurePage.properties()
                .replace("/etc/ringtail/ca.crt", kafka.authority().toString())
                .replace("/etc/ringtail/secrets", secrets.toString())
                .replace("username=\"flows\"", "username=\"" + user + "\"");
    }

    /// A capture file that was not imported yet.
    private Path capture() throws IOException {
        Path file = folder.resolve("capture-" + files++ + ".pcap");
        byte[] frame = Frames.ethernet("0800", Frames.ipv4(6, 0, Frames.TCP));
        try (CaptureWriter writer = new PcapWriter(Files.newOutputStream(file))) {
            int link = writer.addInterface("", "", LinkType.ETHERNET, 65_535);
            for (int i = 0; i < PACKETS; i++) {
                long timeNs = T0 + files * 1_000_000_000L + i * 1_000L;
                writer.writePacket(link, timeNs, frame.length, frame, 0, frame.length, 0, null);
            }
        }
        return file;
    }
}
