package dev.ringtail.sensor.publish;

import dev.ringtail.registry.RegistryException;
import dev.ringtail.registry.RegistrySettings;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Settings of the Kafka clients: the operator's properties as they are, and ours where the
/// operator said nothing.
///
/// The serializers alone are ours in any case.
public final class KafkaSettings {
    /// Room that a record takes in the producer's buffer beside its value: headers and framing.
    static final int RECORD_OVERHEAD_BYTES = 1024;

    private static final int DEFAULT_MAX_REQUEST_BYTES = 1024 * 1024;
    private static final long BUFFER_BYTES = 32L * 1024 * 1024;
    private static final int LINGER_MS = 5;

    /// Lets the kernel fit the socket's buffer to the connection (tcp(7), `tcp_wmem`). Kafka's own
    /// 128 KiB hold half of a packet batch, so that each takes the producer several turns.
    private static final int KERNELS_CHOICE = CommonClientConfigs.SEND_BUFFER_LOWER_BOUND;

    /// Short, so that a stop is not held up; a batch that is not taken in that time is offered
    /// again.
    private static final long MAX_BLOCK_MS = 1_000;

    /// For reports and schemas: below the time that a stop waits for the final report.
    private static final long CONTROL_MAX_BLOCK_MS = 5_000;

    private static final int DELIVERY_TIMEOUT_MS = 120_000;
    private static final int MAX_IN_FLIGHT_OF_IDEMPOTENCE = 5;

    private final Map<String, String> user;
    private final @Nullable RegistrySettings registry;

    /// @param properties the operator's, `bootstrap.servers` among them
    /// @throws PublishException if one of them can't be honoured
    public KafkaSettings(Map<String, String> properties) {
        Map<String, String> clients = new HashMap<>(properties);
        clients.keySet().removeIf(RegistrySettings::isOwn);
        this.user = Map.copyOf(clients);
        try {
            this.registry = RegistrySettings.of(properties);
        } catch (RegistryException e) {
            throw new PublishException(String.valueOf(e.getMessage()), e);
        }
        if (bootstrapServers().isBlank()) {
            throw new PublishException(
                    "Kafka: no bootstrap server is given; give --bootstrap-server HOST:PORT");
        }
        if (user.containsKey(ProducerConfig.TRANSACTIONAL_ID_CONFIG)) {
            throw new PublishException(
                    "Kafka: transactional.id can't be set: packets are not sent in transactions;"
                            + " remove it");
        }
    }

    /// The brokers to begin with, as they were given.
    public String bootstrapServers() {
        return user.getOrDefault(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "");
    }

    /// How brokers are talked to: `PLAINTEXT` unless the operator says otherwise.
    String securityProtocol() {
        return user.getOrDefault(
                CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
                CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL);
    }

    /// The schema registry to use; null for none.
    public @Nullable RegistrySettings registry() {
        return registry;
    }

    /// Largest request that the producer sends, in bytes.
    public int maxRequestBytes() {
        return intOf(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DEFAULT_MAX_REQUEST_BYTES);
    }

    /// Delivery settings that are weaker than idempotent and acks=all, as `name=value`; empty for
    /// none.
    public String weakened() {
        List<String> weaker = new ArrayList<>();
        if (hasWeakAcks()) {
            weaker.add("acks=" + user.get(ProducerConfig.ACKS_CONFIG));
        }
        if (!isIdempotent()) {
            weaker.add("enable.idempotence=false");
        }
        return String.join(", ", weaker);
    }

    /// Properties of the producer that carries packets.
    ///
    /// @param batchBytes largest regular packet batch in bytes
    public Map<String, Object> packetProducer(int batchBytes) {
        Map<String, Object> properties = producer();
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
        properties.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
        properties.putIfAbsent(
                ProducerConfig.BATCH_SIZE_CONFIG, batchBytes + RECORD_OVERHEAD_BYTES);
        properties.putIfAbsent(ProducerConfig.SEND_BUFFER_CONFIG, KERNELS_CHOICE);
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS);
        properties.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        return properties;
    }

    /// Those of one that carries packets which are not worth compressing.
    Map<String, Object> plainPacketProducer(int batchBytes) {
        Map<String, Object> properties = packetProducer(batchBytes);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        return properties;
    }

    /// Whether the operator has decided how packets are compressed.
    boolean hasCompression() {
        return user.containsKey(ProducerConfig.COMPRESSION_TYPE_CONFIG);
    }

    /// Properties of the producer of reports and schemas: few records, each of which should go out.
    Map<String, Object> controlProducer() {
        Map<String, Object> properties = producer();
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, CONTROL_MAX_BLOCK_MS);
        return properties;
    }

    Map<String, Object> admin() {
        return without(ProducerConfig.configNames(), AdminClientConfig.configNames());
    }

    /// Properties of a consumer that reads a topic once, in no group.
    public Map<String, Object> consumer() {
        Map<String, Object> properties =
                without(ProducerConfig.configNames(), ConsumerConfig.configNames());
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return properties;
    }

    private Map<String, Object> producer() {
        Map<String, Object> properties = new HashMap<>(user);
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.putIfAbsent(ProducerConfig.ACKS_CONFIG, "all");
        properties.putIfAbsent(
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, String.valueOf(isIdempotent()));
        return properties;
    }

    private boolean hasWeakAcks() {
        String acks = user.getOrDefault(ProducerConfig.ACKS_CONFIG, "all");
        return !acks.equals("all") && !acks.equals("-1");
    }

    /// Kafka's own rule: asked for explicitly, or not ruled out by the other settings.
    private boolean isIdempotent() {
        @Nullable String asked = user.get(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG);
        if (asked != null) {
            return Boolean.parseBoolean(asked);
        }
        return !hasWeakAcks()
                && intOf(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE) > 0
                && intOf(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1)
                        <= MAX_IN_FLIGHT_OF_IDEMPOTENCE;
    }

    private int intOf(String name, int byDefault) {
        String value = user.get(name);
        if (value == null) {
            return byDefault;
        }
        try {
            return Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw new PublishException(
                    "Kafka: " + name + " is \"" + value + "\"; a whole number is wanted", e);
        }
    }

    /// The operator's properties but those that only another kind of client knows.
    private Map<String, Object> without(Set<String> othersNames, Set<String> ownNames) {
        Map<String, Object> properties = new HashMap<>(user);
        properties.keySet().removeIf(n -> othersNames.contains(n) && !ownNames.contains(n));
        return properties;
    }
}
