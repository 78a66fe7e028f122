package dev.ringtail.sensor.publish;

import dev.ringtail.registry.SchemaJson;
import dev.ringtail.schema.FlowRecord;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.SingleObject;
import dev.ringtail.schema.Topics;

import org.apache.avro.Schema;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// Writes the schemas that this version writes with into the schemas topic, so that a reader of any
/// age can resolve them.
final class SchemaPublisher {
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
                    topics.schemas(),
                    key,
                    SchemaJson.of(schema).getBytes(StandardCharsets.UTF_8),
                    timeout);
        }
    }
}
