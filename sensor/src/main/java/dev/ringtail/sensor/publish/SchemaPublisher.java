package dev.ringtail.sensor.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.ringtail.schema.FlowRecord;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.SingleObject;
import dev.ringtail.schema.Topics;

import org.apache.avro.Schema;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// Writes the schemas that this version writes with into the schemas topic, so that a reader of any
/// age can resolve them.
final class SchemaPublisher {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JAVA_STRING = "avro.java.string";

    /// Schemas of every record type of the topics.
    private static final List<Schema> SCHEMAS =
            List.of(
                    PacketBatch.getClassSchema(),
                    SensorReport.getClassSchema(),
                    FlowRecord.getClassSchema());

    private SchemaPublisher() {}

    /// Returns when Kafka has acknowledged each of them. Repeating it changes nothing: the topic is
    /// compacted by fingerprint.
    ///
    /// @throws PublishException if it has not within the timeout
    static void publish(ControlProducer producer, Topics topics, Duration timeout) {
        for (Schema schema : SCHEMAS) {
            String key = SingleObject.fingerprintText(SingleObject.fingerprint(schema));
            producer.sendAndAwait(
                    topics.schemas(), key, json(schema).getBytes(StandardCharsets.UTF_8), timeout);
        }
    }

    /// The schema without the marks that tell Avro's Java code generator which string class to use.
    static String json(Schema schema) {
        try {
            JsonNode tree = JSON.readTree(schema.toString());
            // The search does not look inside what it finds.
            List<JsonNode> marked = tree.findParents(JAVA_STRING);
            while (!marked.isEmpty()) {
                marked.forEach(node -> ((ObjectNode) node).remove(JAVA_STRING));
                marked = tree.findParents(JAVA_STRING);
            }
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("JSON that Avro wrote", e);
        }
    }
}
