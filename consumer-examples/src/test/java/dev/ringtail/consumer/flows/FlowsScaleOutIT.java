package dev.ringtail.consumer.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.consumer.testing.TestTopics;
import dev.ringtail.consumer.testing.TestTopics.Result;
import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.testing.Page;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Processes that share one analysis, with the properties of `docs/how-to/scale-analysis.md`. Who
/// has which partition is asked of Kafka.
class FlowsScaleOutIT {
    private static final int PARTITIONS = 4;
    private static final String PREFIX = "shared";
    private static final String GROUP = PREFIX + "-flow-analysis";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir private static Path brokerFolder;
    private static LocalKafka kafka;
    private static Admin admin;

    @TempDir private Path folder;

    @BeforeAll
    static void startBroker() {
        kafka = LocalKafka.start(brokerFolder, 0, Map.of());
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        kafka.close();
    }

    @Test
    void twoProcessesShareThePartitionsAndOneTakesOverWhenTheOtherIsKilled() throws Exception {
        List<TimedPacket> packets =
                new RandomTraffic(41, true).packets(8000, 40, 3_000_000_000_000L);
        List<BatchBuilder> batches = BatchBuilder.ofFlows(PARTITIONS, "scaled", packets);
        List<BatchBuilder> early = batches.subList(0, batches.size() / 2);
        try (TestTopics topics = new TestTopics(kafka, PREFIX, PARTITIONS, Map.of());
                Analysis one = start(topics, "one");
                Analysis other = start(topics, "other")) {
            await().atMost(PATIENCE)
                    .ignoreExceptionsMatching(e -> e.getCause() instanceof GroupIdNotFoundException)
                    .untilAsserted(
                            () ->
                                    assertThat(partitionsOfProcesses().values())
                                            .as("partitions of each process")
                                            .hasSize(2)
                                            .allSatisfy(own -> assertThat(own).hasSize(2)));

            send(topics, early);

            long earlyPackets = early.stream().mapToLong(BatchBuilder::packetCount).sum();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(committed()).isEqualTo(ends()));
            // What was taken up by one and then by the other is processed twice and counted so.
            assertThat(one.packets() + other.packets()).isGreaterThanOrEqualTo(earlyPackets);
            assertThat(one.records()).isPositive();
            assertThat(other.records()).isPositive();

            send(topics, batches.subList(early.size(), early.size() + early.size() / 2));
            one.kill();
            send(topics, batches.subList(early.size() + early.size() / 2, batches.size()));

            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> {
                                assertThat(partitionsOfProcesses().values())
                                        .singleElement()
                                        .satisfies(own -> assertThat(own).hasSize(PARTITIONS));
                                assertThat(committed()).isEqualTo(ends());
                            });
            assertThat(other.terminate()).isZero();

            Result result = topics.run("flows", "--output", "json");
            DirectedTotals expected = new DirectedTotals();
            packets.forEach(expected::add);
            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(DirectedTotals.ofJson(result.out()).byDirection())
                    .isEqualTo(expected.byDirection());
        }
    }

    private static void send(TestTopics topics, List<BatchBuilder> batches) throws Exception {
        for (BatchBuilder batch : batches) {
            topics.send(batch.build());
        }
    }

    private Analysis start(TestTopics topics, String name) throws Exception {
        Path properties =
                Files.writeString(
                        folder.resolve("flows.properties"),
                        Page.of("how-to/scale-analysis.md").block("num.stream.threads="));
        Path err = folder.resolve(name + ".err");
        return Analysis.of(
                topics.start(
                        folder.resolve(name + ".out"),
                        err,
                        "flows",
                        "--follow",
                        "--output",
                        "none",
                        "--kafka-config",
                        properties.toString(),
                        "--management",
                        "127.0.0.1:0"),
                err);
    }

    /// By process, of which each thread is a member: its client id is
    /// `APPLICATION-PROCESS-StreamThread-N-consumer`.
    private static Map<String, Set<Integer>> partitionsOfProcesses() throws Exception {
        Map<String, Set<Integer>> partitions = new HashMap<>();
        for (MemberDescription member :
                admin.describeConsumerGroups(List.of(GROUP))
                        .describedGroups()
                        .get(GROUP)
                        .get(30, TimeUnit.SECONDS)
                        .members()) {
            partitions
                    .computeIfAbsent(
                            member.clientId().replaceFirst("-StreamThread-.*", ""),
                            process -> new TreeSet<>())
                    .addAll(
                            member.assignment().topicPartitions().stream()
                                    .map(TopicPartition::partition)
                                    .toList());
        }
        return partitions;
    }

    private static Map<TopicPartition, Long> committed() throws Exception {
        Map<TopicPartition, OffsetAndMetadata> offsets =
                admin.listConsumerGroupOffsets(GROUP)
                        .partitionsToOffsetAndMetadata()
                        .get(30, TimeUnit.SECONDS);
        return offsets.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
    }

    private static Map<TopicPartition, Long> ends() throws Exception {
        return admin
                .listOffsets(
                        IntStream.range(0, PARTITIONS)
                                .boxed()
                                .collect(
                                        Collectors.toMap(
                                                p -> new TopicPartition(PREFIX + ".packets", p),
                                                p -> OffsetSpec.latest())))
                .all()
                .get(30, TimeUnit.SECONDS)
                .entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
    }

    /// A process of the analysis, and what it tells of itself.
    private record Analysis(Process process, String url, HttpClient client)
            implements AutoCloseable {
        private static final String MANAGEMENT = "management at ";

        /// Waits until the process has said where it is asked.
        ///
        /// @param err what it says
        static Analysis of(Process process, Path err) {
            try {
                String url =
                        await().atMost(PATIENCE)
                                .until(() -> management(err), Optional::isPresent)
                                .orElseThrow();
                return new Analysis(process, url, HttpClient.newHttpClient());
            } catch (Throwable e) {
                process.destroyForcibly();
                throw e;
            }
        }

        /// Lines that are whole: the file may be read while one is written.
        private static Optional<String> management(Path err) throws IOException {
            String said = Files.readString(err);
            return said.substring(0, said.lastIndexOf('\n') + 1)
                    .lines()
                    .filter(line -> line.startsWith(MANAGEMENT))
                    .map(line -> line.substring(MANAGEMENT.length()))
                    .findFirst();
        }

        long packets() throws Exception {
            return value("ringtail_flows_packets_total");
        }

        long records() throws Exception {
            return value("ringtail_flows_records_total");
        }

        private long value(String metric) throws Exception {
            String page =
                    client.send(
                                    HttpRequest.newBuilder(URI.create(url + "/metrics")).build(),
                                    BodyHandlers.ofString())
                            .body();
            return page.lines()
                    .filter(line -> line.startsWith(metric + " "))
                    .mapToLong(line -> (long) Double.parseDouble(line.split(" ")[1]))
                    .findFirst()
                    .orElse(0);
        }

        void kill() throws InterruptedException {
            process.destroyForcibly();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }

        int terminate() throws InterruptedException {
            process.destroy();
            assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
            client.close();
        }
    }
}
