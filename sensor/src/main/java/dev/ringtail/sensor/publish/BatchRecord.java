package dev.ringtail.sensor.publish;

import dev.ringtail.schema.BatchHeaders;
import dev.ringtail.sensor.lane.EncodedBatch;
import dev.ringtail.sensor.ledger.BatchFacts;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Makes the Kafka record of a packet batch: its own copy of the value, the headers that let a
/// reader skip it unread, and a timestamp that is not before any of its packets.
final class BatchRecord {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final String topic;
    private final byte[] sensorId;
    private final byte[] sessionId;

    BatchRecord(String topic, String sensorId, String sessionId) {
        this.topic = topic;
        this.sensorId = utf8(sensorId);
        this.sessionId = utf8(sessionId);
    }

    static byte[] value(EncodedBatch batch) {
        return Arrays.copyOfRange(batch.array(), batch.offset(), batch.offset() + batch.length());
    }

    ProducerRecord<byte[], byte[]> record(BatchFacts facts, byte[] value) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(BatchHeaders.SENSOR, sensorId);
        headers.add(BatchHeaders.SESSION, sessionId);
        headers.add(BatchHeaders.LANE, decimal(facts.lane()));
        headers.add(BatchHeaders.FIRST_PACKET, decimal(facts.firstPacketNumber()));
        headers.add(BatchHeaders.PACKETS, decimal(facts.packetCount()));
        headers.add(BatchHeaders.MIN_NS, decimal(facts.minTimestampNs()));
        headers.add(BatchHeaders.MAX_NS, decimal(facts.maxTimestampNs()));
        return new ProducerRecord<>(
                topic, facts.partition(), timestampMs(facts), null, value, headers);
    }

    /// The latest capture time in milliseconds, rounded up; 0 for what lies before 1970, which
    /// Kafka can't say.
    static long timestampMs(BatchFacts facts) {
        return Math.max(0, Math.ceilDiv(facts.maxTimestampNs(), NANOS_PER_MILLI));
    }

    private static byte[] decimal(long number) {
        return utf8(Long.toString(number));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
