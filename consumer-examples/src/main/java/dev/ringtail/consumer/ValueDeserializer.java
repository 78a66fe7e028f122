package dev.ringtail.consumer;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/// Hands a value on where Kafka's client has put it. That is an array of the record's own where
/// batches are compressed; else it is one of all that was fetched at a time, which no single value
/// may keep in memory, and the value is copied.
final class ValueDeserializer implements Deserializer<ByteBuffer> {
    @Override
    @SuppressWarnings("NullAway") // Kafka's interface is not annotated: null is legal.
    public @Nullable ByteBuffer deserialize(String topic, byte @Nullable [] data) {
        return data == null ? null : ByteBuffer.wrap(data);
    }

    @Override
    @SuppressWarnings("NullAway") // As above.
    public @Nullable ByteBuffer deserialize(
            String topic, Headers headers, @Nullable ByteBuffer data) {
        return data == null || isAlmostAlone(data) ? data : ByteBuffer.wrap(bytes(data));
    }

    /// Whether what else the value's array holds is small beside it.
    @SuppressWarnings("ByteBufferBackingArray") // Its length alone counts.
    private static boolean isAlmostAlone(ByteBuffer value) {
        int bytes = value.remaining();
        return value.hasArray() && value.array().length - bytes <= bytes / 8;
    }

    /// A copy of a value's bytes.
    static byte[] bytes(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.get(value.position(), bytes);
        return bytes;
    }
}
