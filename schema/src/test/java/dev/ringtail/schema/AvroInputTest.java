package dev.ringtail.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/// Numbers as Avro's own encoder writes them, with and without bytes behind them.
class AvroInputTest {
    private static final int MAX_BYTES = 10;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 64})
    void numbersOfEverySizeAreRead(int bytesBehind) throws IOException {
        for (int bits = 0; bits < Long.SIZE; bits++) {
            for (long value :
                    new long[] {1L << bits, (1L << bits) - 1, -(1L << bits), ~(1L << bits)}) {
                byte[] encoded = encode(value);
                byte[] array = Arrays.copyOf(encoded, encoded.length + bytesBehind);
                Arrays.fill(array, encoded.length, array.length, (byte) 0xff);
                AvroInput in = new AvroInput();
                in.wrap(array, 0, array.length);

                assertThat(in.readLong()).isEqualTo(value);
                assertThat(in.position()).isEqualTo(encoded.length);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9})
    void nothingBehindTheEndIsRead(int length) {
        byte[] array = new byte[2 * MAX_BYTES];
        Arrays.fill(array, (byte) 0x80);
        int start = 3;
        array[start + length] = 1;
        AvroInput in = new AvroInput();
        in.wrap(array, start, length);

        assertThatThrownBy(in::readLong)
                .isInstanceOf(BatchFormatException.class)
                .hasMessageContaining("ends within a number");
    }

    @Test
    void aNumberThatGoesOnForEverIsRefused() {
        byte[] array = new byte[2 * MAX_BYTES];
        Arrays.fill(array, (byte) 0x80);
        AvroInput in = new AvroInput();
        in.wrap(array, 0, array.length);

        assertThatThrownBy(in::readLong)
                .isInstanceOf(BatchFormatException.class)
                .hasMessageContaining("64 bits");
    }

    private static byte[] encode(long value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        encoder.writeLong(value);
        encoder.flush();
        return bytes.toByteArray();
    }
}
