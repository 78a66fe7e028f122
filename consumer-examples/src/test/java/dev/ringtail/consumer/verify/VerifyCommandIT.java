package dev.ringtail.consumer.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.consumer.testing.Batches;
import dev.ringtail.consumer.testing.Batches.TestPacket;
import dev.ringtail.consumer.testing.Reports;
import dev.ringtail.consumer.testing.TestTopics;
import dev.ringtail.consumer.testing.TestTopics.Result;
import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.StreamReport;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// The audit over a real broker.
class VerifyCommandIT {
    @TempDir static Path brokerFolder;
    private static LocalKafka kafka;

    @BeforeAll
    static void startBroker() {
        kafka = LocalKafka.start(brokerFolder, 0, Map.of());
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @Test
    void acceptsATopicThatHoldsWhatTheLedgerSays() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "whole", 1, Map.of())) {
            topics.send(batch(1, 3));
            topics.send(batch(4, 2));
            topics.send(batch(4, 2));
            topics.send(report(5));

            Result result = topics.run("verify");

            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(result.out()).containsPattern("s/t +5 +0 +2 +0 +5 +0 +ok");
        }
    }

    @Test
    void namesMissingPackets() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "hole", 1, Map.of())) {
            topics.send(batch(1, 3));
            topics.send(batch(6, 1));
            topics.send(report(7));

            Result result = topics.run("verify");

            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.err())
                    .contains("s/t: lane 0, partition 0: 3 of 7 acknowledged packets are missing")
                    .contains("packet numbers 4-5, 7");
        }
    }

    @Test
    void countsWhatRetentionDeletedAsExpired() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "expired", 1, Map.of())) {
            topics.send(batch(1, 3));
            topics.send(batch(4, 2));
            topics.send(report(5));
            topics.expire(0, 1);

            Result result = topics.run("verify");

            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(result.out()).containsPattern("s/t +2 +3 +0 +0 +5 +0 +ok");
        }
    }

    @Test
    void countsAnUnreadableBatchAsMissing() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "bad", 1, Map.of())) {
            topics.send(batch(1, 3));
            topics.send(batch(4, 2), new byte[] {1, 2, 3});
            topics.send(report(5));

            Result result = topics.run("verify");

            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.err())
                    .contains("unreadable batch in bad.packets, partition 0, offset 1")
                    .contains("2 of 5 acknowledged packets are missing");
        }
    }

    @Test
    void refusesALedgerThatDoesNotBalanceAndPacketsWithoutOne() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "unbalanced", 1, Map.of())) {
            topics.send(batch(1, 3));
            SensorReport report = report(3);
            report.getLanes().getFirst().setKernelDrops(8);
            topics.send(report);
            PacketBatch other = batch(1, 2);
            other.setSessionId("u");
            topics.send(other);

            Result result = topics.run("verify");

            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.err())
                    .contains(
                            "kernelPackets = kernelDrops + received is off by -1 packets (10"
                                    + " against 11)")
                    .contains("s/u: 2 packets of a session without any report");
        }
    }

    private static SensorReport report(long acknowledged) {
        return Reports.report(
                "s",
                "t",
                acknowledged,
                List.of(new StreamReport(0, 0, acknowledged, acknowledged)),
                List.of());
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
