package dev.ringtail.consumer;

import dev.ringtail.schema.SchemaLookup;
import dev.ringtail.schema.SingleObject;

import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Finds writer schemas in the schemas topic, which is read when a schema is met that is not known
/// yet. Not thread-safe.
final class SchemaTopic implements SchemaLookup {
    private static final Logger LOGGER = LoggerFactory.getLogger(SchemaTopic.class);

    private final KafkaOptions kafka;
    private final Map<Long, Schema> schemas = new HashMap<>();

    /// Fingerprints that the topic did not hold; corrupt batches must not make it be read again and
    /// again.
    private final Set<Long> unknown = new HashSet<>();

    /// Reads nothing yet.
    SchemaTopic(KafkaOptions kafka) {
        this.kafka = kafka;
    }

    /// @throws CommandException if the topic is not there or cannot be read
    @Override
    public @Nullable Schema find(long fingerprint) {
        Schema known = schemas.get(fingerprint);
        if (known != null || unknown.contains(fingerprint)) {
            return known;
        }
        try (TopicReader reader = TopicReader.open(kafka, kafka.topics().schemas())) {
            reader.read(reader.everything(), this::add, () -> false);
        }
        // Only now: where reading fails the schema may be there, and is asked for again.
        @Nullable Schema found = schemas.get(fingerprint);
        if (found == null) {
            unknown.add(fingerprint);
        }
        return found;
    }

    private void add(ConsumerRecord<byte[], ByteBuffer> record) {
        if (record.value() == null) {
            return;
        }
        try {
            Schema schema =
                    new Schema.Parser()
                            .parse(
                                    new String(
                                            ValueDeserializer.bytes(record.value()),
                                            StandardCharsets.UTF_8));
            schemas.put(SingleObject.fingerprint(schema), schema);
        } catch (SchemaParseException e) {
            // Whoever needs it gets the error of an unknown schema, which names it.
            LOGGER.warn(
                    "no schema in {}, partition {}, offset {}: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
        }
    }
}
