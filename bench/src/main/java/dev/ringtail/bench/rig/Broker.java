package dev.ringtail.bench.rig;

import dev.ringtail.schema.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/// A Kafka in a process of its own, beside whatever is measured, with its data on the work folder's
/// disk and topics that are bounded in bytes.
public final class Broker implements AutoCloseable {
    /// Partitions of a packet topic where a row has no reason for others.
    public static final int PARTITIONS = 16;

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final int ADMIN_LIMIT_SECONDS = 30;

    /// With a segment in the making each, 2 GiB on disk for [#PARTITIONS], 8 GiB for 64.
    private static final int SEGMENT_BYTES = 64 << 20;

    private final Child process;
    private final String bootstrapServers;
    private final Admin admin;

    /// Prefixes of the topics that programs send to in turn.
    private final Set<String> standing = new HashSet<>();

    private Broker(Child process, String bootstrapServers) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
        this.admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    /// Starts it and returns once clients can use it.
    ///
    /// @param workFolder on disk; its data is in a folder of it
    public static Broker start(Path workFolder) throws InterruptedException {
        Path data = workFolder.resolve("kafka");
        Child process =
                Child.start(
                        workFolder,
                        Home.java(Home.KAFKA_JVM, BrokerProgram.class, data.toString()));
        try {
            process.awaitOut("\n", START_LIMIT);
            return new Broker(process, process.out().strip());
        } catch (BenchException | InterruptedException e) {
            process.close();
            throw e;
        }
    }

    /// `bootstrap.servers` of it.
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /// CPU time of its process in nanoseconds until now.
    public long cpuNs() {
        return ProcessUsage.cpuNs(process.pid());
    }

    /// Makes topics that all programs send to in turn, unless they are there: a packet topic as a
    /// sensor would but for its bound in bytes, and the others when the first sensor comes.
    ///
    /// They stay, as a sensor's do: while a topic is new, a broker writes through memory that it
    /// has never had, which costs it several times as much, and more where the host gives a virtual
    /// machine its memory only then.
    ///
    /// @param partitionCount of the packet topic
    /// @return their prefix
    public String standingPrefix(int partitionCount) throws InterruptedException {
        String prefix = "standing" + partitionCount;
        if (!standing.contains(prefix)) {
            createTopic(Topics.withPrefix(prefix).packets(), partitionCount, SEGMENT_BYTES);
            standing.add(prefix);
        }
        return prefix;
    }

    /// The standing packet topic of [#PARTITIONS]. Records of all kinds of programs are in it, so
    /// that nobody may take it for a sensor's.
    public String standingTopic() throws InterruptedException {
        return Topics.withPrefix(standingPrefix(PARTITIONS)).packets();
    }

    /// Makes a packet topic that keeps all that is written.
    public void createUnboundedTopic(String name, int partitionCount) throws InterruptedException {
        createTopic(name, partitionCount, -1);
    }

    private void createTopic(String name, int partitionCount, int retentionBytes)
            throws InterruptedException {
        NewTopic topic =
                new NewTopic(name, Optional.of(partitionCount), Optional.empty())
                        .configs(
                                Map.of(
                                        TopicConfig.COMPRESSION_TYPE_CONFIG,
                                        "producer",
                                        TopicConfig.SEGMENT_BYTES_CONFIG,
                                        Integer.toString(SEGMENT_BYTES),
                                        TopicConfig.RETENTION_BYTES_CONFIG,
                                        Integer.toString(retentionBytes),
                                        TopicConfig.RETENTION_MS_CONFIG,
                                        "-1"));
        await(admin.createTopics(List.of(topic)).all().toCompletionStage(), "create " + name);
    }

    /// Deletes all topics of a prefix: Ringtail's own, and those that a flow analysis keeps its
    /// state in.
    public void deleteTopicsOf(String prefix) throws InterruptedException {
        deleteTopics(name -> name.startsWith(prefix + ".") || name.startsWith(prefix + "-"));
    }

    /// Deletes what a flow analysis of a prefix has made, so that the next one begins anew: its
    /// flows, the topics of its state, and how far it has read.
    public void deleteFlowsOf(String prefix) throws InterruptedException {
        String flows = Topics.withPrefix(prefix).flows();
        deleteTopics(name -> name.equals(flows) || name.startsWith(prefix + "-"));
        List<String> groups =
                await(admin.listGroups().all().toCompletionStage(), "list groups").stream()
                        .map(GroupListing::groupId)
                        .filter(group -> group.startsWith(prefix + "-"))
                        .toList();
        await(admin.deleteConsumerGroups(groups).all().toCompletionStage(), "delete " + groups);
    }

    private void deleteTopics(Predicate<String> isUnwanted) throws InterruptedException {
        List<String> names =
                await(admin.listTopics().names().toCompletionStage(), "list topics").stream()
                        .filter(isUnwanted)
                        .toList();
        await(admin.deleteTopics(names).all().toCompletionStage(), "delete " + names);
    }

    private static <T> T await(CompletionStage<T> answer, String what) throws InterruptedException {
        try {
            return answer.toCompletableFuture().get(ADMIN_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new BenchException("Kafka did not " + what + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
        process.close();
    }
}
