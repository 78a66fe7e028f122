package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.consumer.Main;
import dev.ringtail.consumer.testing.Batches;
import dev.ringtail.consumer.testing.Batches.TestPacket;
import dev.ringtail.consumer.testing.Reports;
import dev.ringtail.consumer.testing.TestTopics;
import dev.ringtail.consumer.testing.TestTopics.Result;
import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.schema.StreamReport;
import dev.ringtail.testing.Page;
import dev.ringtail.testing.PageCommands;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// The exports that `docs/how-to/scale-analysis.md` runs beside each other, by its own commands.
@RequiresTool({"tshark", "mergecap"})
class ParallelExportIT {
    private static final Page PAGE = Page.of("how-to/scale-analysis.md");
    private static final long START_NS =
            ExportQuery.nanoseconds(Instant.parse("2026-11-20T10:00:00Z"));

    /// Two packets of each sensor in three minutes, those of the first hour's begin among them.
    private static final long INTERVAL_NS = Duration.ofSeconds(90).toNanos();

    private static final int PACKETS_OF_SENSOR = 160;

    @TempDir private static Path brokerFolder;
    private static LocalKafka kafka;
    private static TestTopics topics;

    @TempDir private Path folder;

    @BeforeAll
    static void publish() throws Exception {
        kafka = LocalKafka.start(brokerFolder, 0, Map.of());
        topics = new TestTopics(kafka, "capture", 2, Map.of());
        publish("node-1", 0, 0);
        publish("node-2", 1, 1);
    }

    @AfterAll
    static void stopBroker() {
        topics.close();
        kafka.close();
    }

    private static void publish(String sensor, int partition, long laterNs) throws Exception {
        for (int first = 1; first <= PACKETS_OF_SENSOR; first += 10) {
            List<TestPacket> packets = new ArrayList<>();
            for (int number = first; number < first + 10; number++) {
                packets.add(
                        new TestPacket(
                                number,
                                START_NS + (number - 1) * INTERVAL_NS + laterNs,
                                sensor + "/" + number));
            }
            topics.send(Batches.batch(sensor, "t", 0, partition, first, packets));
        }
        topics.send(
                Reports.report(
                        sensor,
                        "t",
                        PACKETS_OF_SENSOR,
                        List.of(
                                new StreamReport(
                                        0,
                                        partition,
                                        (long) PACKETS_OF_SENSOR,
                                        (long) PACKETS_OF_SENSOR)),
                        List.of()));
    }

    @Test
    void rangesThatTouchMakeTheWholeExport() throws Exception {
        Path whole = folder.resolve("whole.pcapng");
        Result result = topics.run("export", "-w", whole.toString());
        assertThat(result.exit()).as(result.err()).isZero();

        run(PAGE.block("exports="));

        assertThat(packets(folder.resolve("part-11.pcapng")).getFirst())
                .as("the packet of eleven o'clock belongs to the later range")
                .contains("1795172400.000000000");
        assertThat(packets(folder.resolve("all.pcapng")))
                .hasSize(2 * PACKETS_OF_SENSOR)
                .isEqualTo(packets(whole));
    }

    @Test
    void nothingIsMergedWhereAPartFailed() throws Exception {
        Files.createDirectory(folder.resolve("part-11.pcapng"));

        assertThatThrownBy(() -> run(PAGE.block("exports="))).hasMessageContaining("part-11");

        assertThat(folder.resolve("part-13.pcapng")).exists();
        assertThat(folder.resolve("all.pcapng")).doesNotExist();
    }

    @Test
    void eachSensorHasAFile() throws Exception {
        run(PAGE.block("for sensor in"));

        for (String sensor : List.of("node-1", "node-2")) {
            assertThat(packets(folder.resolve(sensor + ".pcapng")))
                    .hasSize(PACKETS_OF_SENSOR)
                    .allMatch(packet -> packet.contains(hex(sensor + "/")));
        }
    }

    private void run(String commands) throws IOException {
        new PageCommands(folder, Map.of("kafka:9092", kafka.bootstrapServers()))
                .program("ringtail", Main.class.getName())
                .run(commands);
    }

    private static List<String> packets(Path file) {
        return Tools.run(
                        "tshark",
                        "-r",
                        file.toString(),
                        "-T",
                        "fields",
                        "-e",
                        "frame.time_epoch",
                        "-e",
                        "data.data")
                .orFail()
                .stdout()
                .lines()
                .toList();
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }
}
