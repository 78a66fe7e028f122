package dev.ringtail.sensor.importer;

import dev.ringtail.schema.BatchFormatException;
import dev.ringtail.schema.BatchHeaders;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.LateRun;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Looks for an earlier import of the same file: its last report, and whether its records are still
/// there.
final class PriorImport implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    private static final int FETCH_WAIT_MS = 10;

    private final Topics topics;
    private final KafkaConsumer<byte[], byte[]> consumer;

    PriorImport(KafkaSettings kafka, Topics topics) {
        this.topics = topics;
        Map<String, Object> properties = kafka.consumer();
        // Each look goes elsewhere; one that waits at the end of a partition would hold up the
        // next.
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MS);
        this.consumer = new KafkaConsumer<>(properties);
    }

    @Override
    public void close() {
        consumer.close();
    }

    /// The last report of a session, whoever imported it; null where there is none.
    @Nullable SensorReport lastReport(String sessionId) {
        List<TopicPartition> partitions =
                consumer.partitionsFor(topics.reports()).stream()
                        .map(p -> new TopicPartition(topics.reports(), p.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        String keyEnd = "/" + sessionId;
        SensorReport last = null;
        long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.key() != null && text(record.key()).endsWith(keyEnd)) {
                    last = decode(record, last);
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
        return last;
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

    private static @Nullable SensorReport decode(
            ConsumerRecord<byte[], byte[]> record, @Nullable SensorReport otherwise) {
        try {
            return SingleObject.decoder(SensorReport.class, SchemaLookup.NONE)
                    .decode(record.value());
        } catch (BatchFormatException e) {
            return otherwise; // Of a version that we don't know: then the import is repeated.
        }
    }

    /// Whether a record of the session is at an offset; a topic of the same name may have been made
    /// anew.
    private boolean holds(TopicPartition partition, long offset, String sessionId) {
        List<TopicPartition> one = List.of(partition);
        boolean exists =
                consumer.partitionsFor(partition.topic()).stream()
                        .anyMatch(p -> p.partition() == partition.partition());
        if (!exists) {
            return false;
        }
        consumer.assign(one);
        if (consumer.beginningOffsets(one).getOrDefault(partition, 0L) > offset
                || consumer.endOffsets(one).getOrDefault(partition, 0L) <= offset) {
            return false;
        }
        consumer.seek(partition, offset);
        long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (System.nanoTime() - deadlineNs < 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
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
