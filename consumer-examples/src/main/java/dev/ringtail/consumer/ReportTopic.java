package dev.ringtail.consumer;

import dev.ringtail.schema.BatchFormatException;
import dev.ringtail.schema.RecordDecoder;
import dev.ringtail.schema.SchemaLookup;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.SingleObject;
import dev.ringtail.schema.Topics;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The newest ledger report of each session.
public final class ReportTopic {
    private final RecordDecoder<SensorReport> decoder;
    private final Consumer<String> problems;
    private final TreeMap<String, SensorReport> newest = new TreeMap<>();

    private ReportTopic(SchemaLookup schemas, Consumer<String> problems) {
        this.decoder = SingleObject.decoder(SensorReport.class, schemas);
        this.problems = problems;
    }

    /// Reads the reports topic to its present end.
    ///
    /// @param problems told of each report that cannot be read; the one before it stands
    /// @return one report a session, by sensor and session
    /// @throws CommandException if Kafka does not answer or there is no such topic
    public static Collection<SensorReport> newest(
            KafkaOptions kafka, SchemaLookup schemas, Consumer<String> problems) {
        ReportTopic reports = new ReportTopic(schemas, problems);
        try (TopicReader reader = TopicReader.open(kafka, kafka.topics().reports())) {
            reader.read(reader.everything(), reports::add, () -> false);
        }
        return reports.newest.values();
    }

    private void add(ConsumerRecord<byte[], ByteBuffer> record) {
        if (record.value() == null) {
            return;
        }
        try {
            SensorReport report = decoder.decode(ValueDeserializer.bytes(record.value()));
            newest.put(Topics.reportKey(report.getSensorId(), report.getSessionId()), report);
        } catch (BatchFormatException e) {
            problems.accept(
                    "unreadable report in %s, partition %d, offset %d: %s"
                            .formatted(
                                    record.topic(),
                                    record.partition(),
                                    record.offset(),
                                    e.getMessage()));
        }
    }
}
