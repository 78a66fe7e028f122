package dev.ringtail.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;

class ValueDeserializerTest {
    private static final int VALUE_BYTES = 100;

    private final ValueDeserializer deserializer = new ValueDeserializer();

    /// @param before bytes of the array before the value
    /// @param after bytes behind it
    /// @param copied whether too much of the array is not the value
    @ParameterizedTest
    @CsvSource({"0, 0, false", "4, 8, false", "4, 9, true", "60, 0, true", "0, 9999, true"})
    void aValueIsCopiedOnlyOutOfAnArrayOfOthers(int before, int after, boolean copied) {
        ByteBuffer array = ByteBuffer.allocate(before + VALUE_BYTES + after);
        for (int i = 0; i < VALUE_BYTES; i++) {
            array.put(before + i, (byte) i);
        }

        ByteBuffer value = deserialize(array.slice(before, VALUE_BYTES));

        checkBytes(value);
        array.put(before, (byte) 77);
        assertThat(value.get(0)).isEqualTo((byte) (copied ? 0 : 77));
    }

    @Test
    void whatHasNoArrayIsCopiedAndNothingStaysNothing() {
        ByteBuffer direct = ByteBuffer.allocateDirect(VALUE_BYTES);
        for (int i = 0; i < VALUE_BYTES; i++) {
            direct.put(i, (byte) i);
        }

        ByteBuffer value = deserialize(direct);

        checkBytes(value);
        assertThat(value.hasArray()).isTrue();
        assertThat(deserializer.deserialize("t", new RecordHeaders(), (ByteBuffer) null)).isNull();
        assertThat(deserializer.deserialize("t", null)).isNull();
    }

    private ByteBuffer deserialize(ByteBuffer data) {
        ByteBuffer value = deserializer.deserialize("t", new RecordHeaders(), data);
        assertThat(value).isNotNull();
        return value;
    }

    private static void checkBytes(ByteBuffer value) {
        byte[] bytes = ValueDeserializer.bytes(value);
        assertThat(bytes).hasSize(VALUE_BYTES);
        for (int i = 0; i < VALUE_BYTES; i++) {
            assertThat(bytes[i]).isEqualTo((byte) i);
        }
    }
}
