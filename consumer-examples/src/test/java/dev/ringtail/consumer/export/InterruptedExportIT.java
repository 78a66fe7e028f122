package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.consumer.Interruption;
import dev.ringtail.consumer.testing.Batches;
import dev.ringtail.consumer.testing.Batches.TestPacket;
import dev.ringtail.consumer.testing.KafkaArguments;
import dev.ringtail.consumer.testing.TestTopics;
import dev.ringtail.localkafka.LocalKafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Exports that are told to finish before they have begun.
class InterruptedExportIT {
    private static final String PREFIX = "interrupted";
    private static final String BEFORE = "what was there before";

    @TempDir static Path brokerFolder;
    private static LocalKafka kafka;
    private static TestTopics topics;
    @TempDir private Path folder;
    private Path file;
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void startBroker() throws Exception {
        kafka = LocalKafka.start(brokerFolder, 0, Map.of());
        topics = new TestTopics(kafka, PREFIX, 1, Map.of());
        topics.send(Batches.batch("s", "t", 0, 0, 1, List.of(new TestPacket(1, 1_000, "x"))));
    }

    @AfterAll
    static void stopBroker() {
        topics.close();
        kafka.close();
    }

    @BeforeEach
    void writeFile() throws Exception {
        file = Files.writeString(folder.resolve("out.pcapng"), BEFORE);
    }

    @ParameterizedTest(name = "to {0} ns")
    @ValueSource(longs = {Long.MAX_VALUE, 2_000_000_000L})
    void leavesTheFileAsItWasAndSaysSo(long toNs) throws Exception {
        assertThat(export(toNs, false)).isFalse();

        assertThat(file).hasContent(BEFORE);
        assertThat(folder.toFile().list()).containsExactly("out.pcapng");
        assertThat(err.toString())
                .contains("interrupted after 0 packets: " + file + " is not written")
                .doesNotContain("no packets in the range");
    }

    @Test
    void endsInOrderWhereItFollows() throws Exception {
        assertThat(export(Long.MAX_VALUE, true)).isTrue();

        assertThat(Files.readAllBytes(file)).startsWith(0x0a, 0x0d, 0x0d, 0x0a);
        assertThat(err.toString()).doesNotContain("interrupted");
    }

    /// @return what the exporter returns
    private boolean export(long toNs, boolean follow) {
        try (Interruption interruption = new Interruption()) {
            interruption.request();
            return new Exporter(
                            KafkaArguments.of(kafka, PREFIX),
                            new ExportQuery(Long.MIN_VALUE, toNs, null, null, "", Long.MAX_VALUE),
                            CaptureFormat.PCAPNG,
                            null,
                            Long.MAX_VALUE,
                            new PrintWriter(err, true),
                            interruption)
                    .run(file.toString(), follow);
        }
    }
}
