package dev.ringtail.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.consumer.testing.KafkaArguments;
import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.SingleObject;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

class SchemaTopicIT {
    @TempDir private Path folder;

    /// Else an analysis that goes on after an outage would pass batches over that can be read.
    @Test
    void asksAgainWhereReadingHasFailed() throws Exception {
        long fingerprint = SingleObject.fingerprint(PacketBatch.getClassSchema());
        try (LocalKafka kafka = LocalKafka.start(folder, 0, Map.of())) {
            SchemaTopic schemas = new SchemaTopic(KafkaArguments.of(kafka, "late"));
            assertThatThrownBy(() -> schemas.find(fingerprint))
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining("late.schemas");

            try (Admin admin = Admin.create(client(kafka))) {
                admin.createTopics(List.of(new NewTopic("late.schemas", 1, (short) 1)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            }
            try (KafkaProducer<String, String> producer =
                    new KafkaProducer<>(
                            client(kafka), new StringSerializer(), new StringSerializer())) {
                producer.send(
                                new ProducerRecord<>(
                                        "late.schemas", PacketBatch.getClassSchema().toString()))
                        .get(30, TimeUnit.SECONDS);
            }

            assertThat(schemas.find(fingerprint)).isEqualTo(PacketBatch.getClassSchema());
            assertThat(schemas.find(1)).isNull();
        }
    }

    private static Map<String, Object> client(LocalKafka kafka) {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }
}
