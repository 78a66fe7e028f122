package dev.ringtail.sensor.importer;

import dev.ringtail.registry.RegistryLookup;
import dev.ringtail.schema.BatchFormatException;
import dev.ringtail.schema.BatchHeaders;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.LateRun;
import dev.ringtail.schema.RecordDecoder;
import dev.ringtail.schema.SchemaLookup;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.SingleObject;
import dev.ringtail.schema.Topics;
import dev.ringtail.sensor.publish.KafkaSettings;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Looks for earlier imports of the same content: the last report, and whether the records are
/// still there. What was read of the reports is kept, so that each further file takes what is new
/// alone.
final class PriorImport implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    private static final int FETCH_WAIT_MS = 10;

    private final Topics topics;
    private final RecordDecoder<SensorReport> decoder;
    private final KafkaConsumer<byte[], byte[]> reports;
    private final KafkaConsumer<byte[], byte[]> packets;

    /// Report records of imports by session; other sensors' are passed over.
    private final Map<String, byte[]> lastReports = new HashMap<>();

    PriorImport(KafkaSettings kafka, Topics topics) {
        this.topics = topics;
        this.decoder =
                SingleObject.decoder(
                        SensorReport.class,
                        new RegistryLookup(kafka.registry(), SchemaLookup.NONE));
        Map<String, Object> properties = kafka.consumer();
        // Each look goes elsewhere; one that waits at the end of a partition would hold up the
        // next.
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MS);
        this.packets = new KafkaConsumer<>(properties);
        this.reports = new KafkaConsumer<>(properties);
    }

    @Override
    public void close() {
        reports.close();
        packets.close();
    }

    /// The last report of a session, whoever imported it; null where there is none.
    @Nullable SensorReport lastReport(String sessionId) {
        if (reports.assignment().isEmpty()) {
            List<TopicPartition> partitions =
                    reports.partitionsFor(topics.reports()).stream()
                            .map(p -> new TopicPartition(topics.reports(), p.partition()))
                            .toList();
            reports.assign(partitions);
            reports.seekToBeginning(partitions);
        }
        readReportsToTheEnd();
        byte[] last = lastReports.get(sessionId);
        return last == null ? null : decode(last);
    }

    private void readReportsToTheEnd() {
        Map<TopicPartition, Long> ends = reports.endOffsets(reports.assignment());
        long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (ends.keySet().stream()
                .anyMatch(p -> reports.position(p) < ends.getOrDefault(p, 0L))) {
            for (ConsumerRecord<byte[], byte[]> record : reports.poll(POLL)) {
                if (record.key() != null && record.value() != null) {
                    String key = text(record.key());
                    String session = key.substring(key.lastIndexOf('/') + 1);
                    if (FileSurvey.isSessionId(session)) {
                        lastReports.put(session, record.value());
                    }
                }
            }
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new ImportException(
                        "Topic %s can't be read to its end within %d s, so it is not known whether the file was imported before"
                                .formatted(
                                        topics.reports(),
                                        TimeUnit.NANOSECONDS.toSeconds(TIMEOUT_NS)),
                        null);
            }
        }
    }

    /// Whether a report says that all packets of the file are in the topic, and they still are.
    boolean isComplete(SensorReport report, long packetCount) {
        if (!report.getFinal$() || acknowledged(report) != packetCount) {
            return false;
        }
        for (LateRun run : report.getLateRuns()) {
            TopicPartition partition = new TopicPartition(topics.packets(), run.getPartition());
            if (!holds(partition, run.getFirstOffset(), report.getSessionId())
                    || !holds(partition, run.getLastOffset(), report.getSessionId())) {
                return false;
            }
        }
        return true;
    }

    private static long acknowledged(SensorReport report) {
        return report.getLanes().stream()
                .map(LaneLedger::getAcknowledged)
                .mapToLong(t -> t.getPackets())
                .sum();
    }

    private @Nullable SensorReport decode(byte[] value) {
        try {
            return decoder.decode(value);
        } catch (BatchFormatException e) {
            return null; // Of a version that we don't know: then the import is repeated.
        }
    }

    /// Whether a record of the session is at an offset; a topic of the same name may have been made
    /// anew.
    private boolean holds(TopicPartition partition, long offset, String sessionId) {
        List<TopicPartition> one = List.of(partition);
        boolean exists =
                packets.partitionsFor(partition.topic()).stream()
                        .anyMatch(p -> p.partition() == partition.partition());
        if (!exists) {
            return false;
        }
        packets.assign(one);
        if (packets.beginningOffsets(one).getOrDefault(partition, 0L) > offset
                || packets.endOffsets(one).getOrDefault(partition, 0L) <= offset) {
            return false;
        }
        packets.seek(partition, offset);
        long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (System.nanoTime() - deadlineNs < 0) {
            for (ConsumerRecord<byte[], byte[]> record : packets.poll(POLL)) {
                Header session = record.headers().lastHeader(BatchHeaders.SESSION);
                return record.offset() == offset
                        && session != null
                        && text(session.value()).equals(sessionId);
            }
        }
        return false;
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
