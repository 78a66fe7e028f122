package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.consumer.Interruption;
import dev.ringtail.consumer.testing.Batches;
import dev.ringtail.consumer.testing.Batches.TestPacket;
import dev.ringtail.consumer.testing.KafkaArguments;
import dev.ringtail.consumer.testing.TestTopics;
import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.schema.PacketBatch;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Exports that have to fetch again what they had to give up, and to put into a file what they are
/// at, write the same file as one that keeps all in memory. Batches are shuffled, so both take two
/// passes.
class BoundedMemoryIT {
    private static final int PARTITIONS = 3;
    private static final int PACKETS_PER_LANE = 2_000;

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

    @ParameterizedTest
    @CsvSource({"21, 100000", "22, 20000"})
    void writesTheSameFileWithLittleMemory(long seed, long stashBytes) throws Exception {
        String prefix = "bounded" + seed;
        try (TestTopics topics = new TestTopics(kafka, prefix, PARTITIONS, Map.of())) {
            Random random = new Random(seed);
            List<PacketBatch> batches = new ArrayList<>();
            for (int lane = 0; lane < 3; lane++) {
                addLane(batches, lane, random);
            }
            Collections.shuffle(batches, random);
            for (PacketBatch batch : batches) {
                topics.send(batch);
            }
            Path roomy = folder.resolve("roomy");
            Path tight = folder.resolve("tight");

            String told = export(prefix, roomy, Long.MAX_VALUE);
            assertThat(export(prefix, tight, stashBytes)).as("seed %d", seed).isEqualTo(told);

            assertThat(told).startsWith(3 * PACKETS_PER_LANE + " packets").contains("0 missing");
            assertThat(Files.mismatch(tight, roomy)).as("seed %d", seed).isEqualTo(-1);
        }
    }

    private static void addLane(List<PacketBatch> batches, int lane, Random random) {
        long[] next = new long[PARTITIONS];
        List<List<TestPacket>> open = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            open.add(new ArrayList<>());
        }
        for (int number = 1; number <= PACKETS_PER_LANE; number++) {
            int partition = random.nextInt(PARTITIONS);
            open.get(partition)
                    .add(
                            new TestPacket(
                                    number,
                                    1_000_000_000L + number * 10L + lane,
                                    "x".repeat(random.nextInt(300))));
            if (number > PACKETS_PER_LANE - PARTITIONS || random.nextInt(30) == 0) {
                for (int p = 0; p < PARTITIONS; p++) {
                    close(batches, lane, p, next, open.get(p));
                }
            }
        }
    }

    private static void close(
            List<PacketBatch> batches,
            int lane,
            int partition,
            long[] next,
            List<TestPacket> packets) {
        if (!packets.isEmpty()) {
            batches.add(Batches.batch("s", "t", lane, partition, next[partition] + 1, packets));
            next[partition] += packets.size();
            packets.clear();
        }
    }

    private static String export(String prefix, Path file, long stashBytes) {
        ExportQuery all =
                new ExportQuery(Long.MIN_VALUE, Long.MAX_VALUE, null, null, "", Long.MAX_VALUE);
        StringWriter err = new StringWriter();
        try (Interruption interruption = new Interruption()) {
            boolean whole =
                    new Exporter(
                                    KafkaArguments.of(kafka, prefix),
                                    all,
                                    CaptureFormat.PCAPNG,
                                    null,
                                    stashBytes,
                                    new PrintWriter(err),
                                    interruption)
                            .run(file.toString(), false);
            assertThat(whole).isTrue();
        }
        assertThat(err.toString()).contains("beginning anew, in two passes");
        return err.toString()
                .lines()
                .filter(line -> line.contains("packets,"))
                .findFirst()
                .orElse("");
    }
}
