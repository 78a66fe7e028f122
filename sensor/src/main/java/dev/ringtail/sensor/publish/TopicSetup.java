package dev.ringtail.sensor.publish;

import dev.ringtail.cli.KafkaFaults;
import dev.ringtail.cli.TlsProbe;
import dev.ringtail.schema.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// Makes the topics that are missing, and looks at those that are there.
///
/// Ends within [#TIMEOUT] or a little more, whatever the broker does.
public final class TopicSetup implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final long RETRY_PAUSE_MS = 50;

    /// Assumed to fit any broker where the topic's own limit can't be read; Kafka's default is
    /// larger.
    private static final int ASSUMED_MAX_RECORD_BYTES = 1_000_000;

    private final KafkaSettings kafka;
    private final TopicSettings settings;
    private final Topics topics;
    private final Admin admin;
    private final long deadlineNs = System.nanoTime() + TIMEOUT.toNanos();

    private TopicSetup(KafkaSettings kafka, Topics topics, TopicSettings settings) {
        this.kafka = kafka;
        this.topics = topics;
        this.settings = settings;
        this.admin = Admin.create(kafka.admin());
    }

    /// Makes or checks the topics.
    ///
    /// @throws PublishException if Kafka can't be reached, or speaks TLS where none is asked for,
    ///   or the topics are not there and can't be made
    public static TopicFacts prepare(KafkaSettings kafka, Topics topics, TopicSettings settings) {
        checkProtocol(kafka);
        try (TopicSetup setup = new TopicSetup(kafka, topics, settings)) {
            return setup.prepare();
        } catch (KafkaException e) {
            throw failed(kafka, e);
        }
    }

    private static void checkProtocol(KafkaSettings kafka) {
        try {
            TlsProbe.check(kafka.bootstrapServers(), kafka.securityProtocol());
        } catch (IllegalArgumentException e) {
            throw new PublishException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        admin.close(CLOSE_TIMEOUT);
    }

    private TopicFacts prepare() {
        List<NewTopic> plans = TopicPlan.topics(topics, settings);
        create(missing(plans));
        int partitionCount = await(describe(topics.packets())).partitions().size();
        Map<String, Config> configs = configs(plans);
        List<TopicDifference> differences = new ArrayList<>();
        for (NewTopic plan : plans) {
            @Nullable Config config = configs.get(plan.name());
            if (config != null) {
                differences.addAll(
                        TopicCheck.differences(plan, config, wantedRecordBytes(plan.name())));
            }
        }
        @Nullable Config packets = configs.get(topics.packets());
        return new TopicFacts(
                partitionCount,
                maxRecordBytes(packets),
                packets == null ? PacketTopicLimits.none(topics.packets()) : limits(packets),
                List.copyOf(differences));
    }

    private List<NewTopic> missing(List<NewTopic> plans) {
        List<NewTopic> missing = new ArrayList<>();
        for (NewTopic plan : plans) {
            try {
                await(describe(plan.name()));
            } catch (UnknownTopicOrPartitionException e) {
                missing.add(plan);
            } catch (AuthorizationException e) {
                throw new PublishException(
                        "Looking for topic %s on %s failed: %s"
                                .formatted(
                                        plan.name(),
                                        kafka.bootstrapServers(),
                                        KafkaFaults.describe(
                                                e, "DESCRIBE on topic " + plan.name())),
                        e);
            }
        }
        return missing;
    }

    private void create(List<NewTopic> missing) {
        Map<String, KafkaFuture<Void>> created =
                admin.createTopics(missing, new CreateTopicsOptions().timeoutMs(remainingMs()))
                        .values();
        for (NewTopic plan : missing) {
            try {
                await(Objects.requireNonNull(created.get(plan.name())));
            } catch (TopicExistsException e) {
                // Another sensor was quicker.
            } catch (AuthorizationException e) {
                throw new PublishException(
                        "Topic %s does not exist on %s, and creating it is not allowed: %s. Grant CREATE on it, or have it made: kafka-topics.sh --bootstrap-server %s --create --topic %s --partitions %d%s"
                                .formatted(
                                        plan.name(),
                                        kafka.bootstrapServers(),
                                        e.getMessage(),
                                        kafka.bootstrapServers(),
                                        plan.name(),
                                        plan.numPartitions(),
                                        configArguments(plan)),
                        e);
            }
        }
        missing.forEach(plan -> awaitVisible(plan.name()));
    }

    /// A topic just made is not known to every broker at once.
    private void awaitVisible(String topic) {
        while (true) {
            try {
                await(describe(topic));
                return;
            } catch (UnknownTopicOrPartitionException e) {
                if (remainingMs() == 0) {
                    throw e;
                }
                pause();
            }
        }
    }

    /// Settings by topic; without those that may not be read.
    private Map<String, Config> configs(List<NewTopic> plans) {
        Map<String, Config> configs = new HashMap<>();
        for (NewTopic plan : plans) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, plan.name());
            try {
                configs.put(plan.name(), await(describe(resource)));
            } catch (AuthorizationException e) {
                // Capture needs no DESCRIBE_CONFIGS; the assumed limits apply.
            }
        }
        return configs;
    }

    private int maxRecordBytes(@Nullable Config packets) {
        int topicBytes =
                packets == null
                        ? ASSUMED_MAX_RECORD_BYTES
                        : (int)
                                number(
                                        packets,
                                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                        ASSUMED_MAX_RECORD_BYTES);
        int max =
                Math.min(topicBytes, kafka.maxRequestBytes()) - KafkaSettings.RECORD_OVERHEAD_BYTES;
        if (max < KafkaSettings.RECORD_OVERHEAD_BYTES) {
            throw new PublishException(
                    "Records of topic %s hold at most %d bytes (max.message.bytes %d, max.request.size %d), too few for a packet; at least %d are needed"
                            .formatted(
                                    topics.packets(),
                                    max,
                                    topicBytes,
                                    kafka.maxRequestBytes(),
                                    KafkaSettings.RECORD_OVERHEAD_BYTES));
        }
        return max;
    }

    private PacketTopicLimits limits(Config packets) {
        return new PacketTopicLimits(
                topics.packets(),
                number(packets, TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, Long.MAX_VALUE),
                number(packets, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, Long.MAX_VALUE),
                number(packets, TopicConfig.RETENTION_MS_CONFIG, -1),
                "LogAppendTime"
                        .equals(
                                TopicCheck.value(
                                        packets, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG)));
    }

    private int wantedRecordBytes(String topic) {
        return topic.equals(topics.packets())
                ? settings.batchBytes() + KafkaSettings.RECORD_OVERHEAD_BYTES
                : 0;
    }

    private static long number(Config config, String setting, long byDefault) {
        @Nullable String value = TopicCheck.value(config, setting);
        return value == null ? byDefault : Long.parseLong(value);
    }

    private KafkaFuture<Config> describe(ConfigResource resource) {
        return Objects.requireNonNull(
                admin.describeConfigs(
                                List.of(resource),
                                new DescribeConfigsOptions().timeoutMs(remainingMs()))
                        .values()
                        .get(resource));
    }

    private KafkaFuture<TopicDescription> describe(String topic) {
        return Objects.requireNonNull(
                admin.describeTopics(
                                List.of(topic),
                                new DescribeTopicsOptions().timeoutMs(remainingMs()))
                        .topicNameValues()
                        .get(topic));
    }

    private <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(remainingMs() + CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (Faults.unwrap(e) instanceof KafkaException fault) {
                throw fault;
            }
            throw failed(kafka, e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("no answer", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private int remainingMs() {
        return (int) Math.max(0, (deadlineNs - System.nanoTime()) / 1_000_000);
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(RETRY_PAUSE_MS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private PublishException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new PublishException(
                "Interrupted while looking at the topics on " + kafka.bootstrapServers(), e);
    }

    private static String configArguments(NewTopic plan) {
        StringBuilder arguments = new StringBuilder();
        plan.configs()
                .forEach((k, v) -> arguments.append(" --config ").append(k).append('=').append(v));
        return arguments.toString();
    }

    private static PublishException failed(KafkaSettings kafka, Exception fault) {
        if (fault instanceof TimeoutException) {
            return new PublishException(
                    "Kafka can't be reached at %s: no answer within %d s. Is the broker running, are address and security.protocol right, and are its advertised listeners reachable from here?"
                            .formatted(kafka.bootstrapServers(), TIMEOUT.toSeconds()),
                    fault);
        }
        return new PublishException(
                "Kafka at %s can't be used: %s"
                        .formatted(kafka.bootstrapServers(), KafkaFaults.describe(fault)),
                fault);
    }
}
