package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.consumer.testing.Batches;
import dev.ringtail.consumer.testing.Batches.TestPacket;
import dev.ringtail.consumer.testing.TestTopics;
import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.pcap.LinkType;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// The export command in a process of its own: what signals, pipes and standard output make of it.
@RequiresTool("tshark")
class ExportProcessIT {
    private static final int EXIT_TIMEOUT_SECONDS = 60;

    @TempDir static Path brokerFolder;
    private static LocalKafka kafka;
    @TempDir private Path folder;

    @BeforeAll
    static void startBroker() {
        kafka = LocalKafka.start(brokerFolder, 0, Map.of());
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @Test
    void writesNothingButPacketsToStandardOutput() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "stdout", 1, Map.of())) {
            topics.send(batch(1, 3));
            Path file = folder.resolve("out.pcapng");

            Process process = topics.start("export", "-w", "-");
            Files.copy(process.getInputStream(), file);

            assertThat(exit(process)).isZero();
            assertThat(frameCount(file)).isEqualTo(3);
        }
    }

    @Test
    void endsQuietlyWhenItsReaderHasGone() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "pipe", 1, Map.of())) {
            for (int i = 0; i < 40; i++) {
                topics.send(batch(1 + i * 1000L, 1000));
            }

            Process process = topics.start("export", "-w", "-");
            assertThat(process.getInputStream().read()).isGreaterThanOrEqualTo(0);
            process.getInputStream().close();

            assertThat(exit(process)).isZero();
            assertThat(process.errorReader().lines()).noneMatch(line -> line.contains("xception"));
        }
    }

    @Test
    void followsUntilInterruptedAndLeavesAWholeFile() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "follow", 1, Map.of())) {
            topics.send(batch(1, 2));
            Path file = folder.resolve("out.pcapng");

            Process process = topics.start("export", "--follow", "-w", file.toString());
            try {
                long first = awaitGrowth(0);
                topics.send(batch(3, 2));
                topics.send(batch(3, 2));
                awaitGrowth(first);
                assertThat(frameCount(file)).isEqualTo(4);
            } finally {
                process.destroy();
            }

            assertThat(exit(process)).isZero();
            assertThat(frameCount(file)).isEqualTo(4);
        }
    }

    @Test
    void keepsWhatItFollowedWhereItFails() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "foreign", 1, Map.of())) {
            topics.send(batch(1, 2));
            Path file = folder.resolve("out.pcap");

            Process process =
                    topics.start("export", "--follow", "--format", "pcap", "-w", file.toString());
            try {
                long first = awaitGrowth(0);
                topics.send(batch(3, 2));
                awaitGrowth(first);
                PacketBatch raw = batch(1, 1);
                raw.setSessionId("raw");
                raw.setLinkType(LinkType.RAW);
                topics.send(raw);
                assertThat(exit(process)).isEqualTo(1);
                assertThat(process.errorReader().lines())
                        .anyMatch(line -> line.contains("a pcap file has one link type"));
            } finally {
                process.destroy();
            }

            assertThat(frameCount(file)).isEqualTo(4);
        }
    }

    /// The packets before the fault are more than the writer's buffer holds.
    @Test
    void endsAFileThatItKeepsBeforeThePacketThatItCannotHold() throws Exception {
        Map<String, String> anyTime = Map.of("message.timestamp.after.max.ms", "" + Long.MAX_VALUE);
        try (TestTopics topics = new TestTopics(kafka, "unheard", 1, anyTime)) {
            topics.send(batch(1, 5_000));
            long year2128Ns = 5_000_000_000_000_000_000L;
            topics.send(
                    Batches.batch(
                            "s",
                            "t",
                            0,
                            0,
                            5_001,
                            List.of(
                                    new TestPacket(5_001, 1_000_000_005_001L, "x"),
                                    new TestPacket(5_002, year2128Ns, "too late"))));
            Path file = folder.resolve("out.pcap");

            Process process =
                    topics.start("export", "--follow", "--format", "pcap", "-w", file.toString());

            assertThat(exit(process)).isEqualTo(1);
            assertThat(process.errorReader().lines())
                    .anyMatch(line -> line.contains("a pcap file can't hold the timestamp"));
            assertThat(frameCount(file)).isEqualTo(5_001);
        }
    }

    @Test
    void followsUntilAWhileAfterTheEndOfTheRange() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "until", 1, Map.of())) {
            topics.send(batch(1, 2));
            Path file = folder.resolve("out.pcapng");
            String to = Instant.now().plusSeconds(10).truncatedTo(ChronoUnit.SECONDS).toString();

            Process process = topics.start("export", "--follow", "--to", to, "-w", file.toString());
            awaitGrowth(0);
            topics.send(batch(3, 2));

            assertThat(exit(process)).isZero();
            assertThat(frameCount(file)).isEqualTo(4);
        }
    }

    @Test
    void followsATopicThatIsNotThereYet() throws Exception {
        Path file = folder.resolve("out.pcapng");
        Process process =
                TestTopics.start(
                        List.of(
                                "export",
                                "--bootstrap-server",
                                kafka.bootstrapServers(),
                                "--topic-prefix",
                                "later",
                                "--follow",
                                "-w",
                                file.toString()));
        try {
            assertThat(process.errorReader().readLine())
                    .startsWith("waiting for topic later.packets");
            try (TestTopics topics = new TestTopics(kafka, "later", 1, Map.of())) {
                topics.send(batch(1, 2));
                awaitGrowth(0);
            }
        } finally {
            process.destroy();
        }

        assertThat(exit(process)).isZero();
        assertThat(frameCount(file)).isEqualTo(2);
    }

    /// Waits until the file that is being written has grown beyond a length, and returns its new
    /// one.
    private long awaitGrowth(long length) {
        return await().atMost(Duration.ofSeconds(EXIT_TIMEOUT_SECONDS))
                .until(this::writtenBytes, written -> written > length);
    }

    private long writtenBytes() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> written = files.toList();
            return written.isEmpty() ? 0 : Files.size(written.getFirst());
        }
    }

    private static int exit(Process process) throws InterruptedException {
        assertThat(process.waitFor(EXIT_TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static long frameCount(Path file) {
        return Tools.run("tshark", "-r", file.toString()).orFail().stdout().lines().count();
    }

    private static PacketBatch batch(long firstNumber, int count) {
        return Batches.batch(
                "s",
                "t",
                0,
                0,
                firstNumber,
                LongStream.range(firstNumber, firstNumber + count)
                        .mapToObj(n -> new TestPacket(n, 1_000_000_000_000L + n, "" + n))
                        .toList());
    }
}
