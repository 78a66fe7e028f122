package dev.ringtail.sensor.lane;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/// The bytes must be those that Avro's own encoder writes, at the borders of every size and between
/// them.
class PacketNumbersTest {
    private static final long SEED = 20261121;
    private static final int COUNT = 200_000;
    private static final int START = 3;

    /// What stood in the array before.
    private static final byte BEFORE = (byte) 0xa5;

    @Test
    void numbersAreWhatAvroWrites() throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < COUNT; i++) {
            // Half of them as nearly all packets are, the others of any size.
            boolean usual = i % 2 == 0;
            long delta = upTo(random, usual ? 13 : 40);
            long offset = upTo(random, usual ? 34 : 40) * (random.nextBoolean() ? 1 : -1);
            long original = upTo(random, usual ? 13 : 32);
            int type = random.nextInt(6);
            int flags = (int) upTo(random, usual ? 13 : 15);
            int length = (int) upTo(random, usual ? 13 : 18);
            byte[] wanted = encode(delta, offset, original, type, flags, length);
            byte[] array = new byte[START + PacketNumbers.MAX_BYTES + 1];
            Arrays.fill(array, BEFORE);

            int end = PacketNumbers.put(array, START, delta, offset, original, type, flags, length);

            assertThat(array[START - 1]).isEqualTo(BEFORE);
            assertThat(array[START + PacketNumbers.MAX_BYTES]).isEqualTo(BEFORE);
            assertThat(Arrays.copyOfRange(array, START, end))
                    .as(
                            "seed %d, %d %d %d %d %d %d",
                            SEED, delta, offset, original, type, flags, length)
                    .isEqualTo(wanted);
        }
    }

    /// A number of any size up to so many bits, often at a border.
    private static long upTo(Random random, int bits) {
        long bound = 1L << random.nextInt(bits + 1);
        return switch (random.nextInt(3)) {
            case 0 -> bound - 1;
            case 1 -> bound >>> 1;
            default -> random.nextLong(bound);
        };
    }

    private static byte[] encode(
            long delta, long offset, long original, int type, int flags, int length)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        encoder.writeLong(delta);
        encoder.writeLong(offset);
        encoder.writeLong(original);
        encoder.writeEnum(type);
        encoder.writeInt(flags);
        encoder.writeInt(length);
        encoder.flush();
        return bytes.toByteArray();
    }
}
