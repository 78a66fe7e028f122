package dev.ringtail.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/// Oracle: Avro's own encoder for what is right; for what is not, the fields read one by one.
class PacketFieldsTest {
    private static final int START = 3;
    private static final int NUMBERS = 5;
    private static final int BEHIND = 16;

    private final PacketFields fields = new PacketFields();
    private final PacketFields oneByOne = new PacketFields();

    @Test
    void numbersOfEverySizeAreReadAsAvroWroteThem() throws IOException {
        long seed = 20261122;
        Random random = new Random(seed);
        int[] lengths = new int[64];
        for (int i = 0; i < 100_000; i++) {
            long delta = number(random, 1 + random.nextInt(20));
            long offset = number(random, 1 + random.nextInt(Long.SIZE));
            long original = number(random, 1 + random.nextInt(20)) & Long.MAX_VALUE;
            int type = random.nextInt(PacketType.values().length);
            int flags = (int) number(random, 1 + random.nextInt(Integer.SIZE));
            int length = random.nextInt(1 << random.nextInt(15));
            int behind = random.nextInt(20);
            byte[] encoded = encode(delta, offset, original, type, flags, length);
            byte[] array = new byte[START + encoded.length + length + behind];
            random.nextBytes(array);
            System.arraycopy(encoded, 0, array, START, encoded.length);
            AvroInput in = new AvroInput();
            in.wrap(array, START, array.length - START);

            fields.read(in);

            assertThat(values(fields, in))
                    .as("seed %d, packet %d", seed, i)
                    .containsExactly(
                            delta,
                            offset,
                            original,
                            type,
                            flags,
                            START + encoded.length,
                            length,
                            behind);
            lengths[encoded.length]++;
        }
        assertThat(Arrays.copyOfRange(lengths, 6, 30)).as("by bytes").doesNotContain(0);
    }

    @Test
    void whatIsWrongIsRefusedAsOneByOne() throws IOException {
        long seed = 5;
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 200_000; i++) {
            int length = random.nextInt(60);
            byte[] encoded =
                    encode(
                            random.nextInt(200),
                            random.nextLong(1L << random.nextInt(1, 50)),
                            random.nextInt(9000),
                            random.nextInt(PacketType.values().length),
                            random.nextInt(1024),
                            length);
            byte[] array = Arrays.copyOf(encoded, encoded.length + random.nextInt(length + 20));
            for (int flips = random.nextInt(3); flips > 0; flips--) {
                array[random.nextInt(array.length)] = (byte) random.nextInt();
            }
            String expected = read(array, true);

            assertThat(read(array, false)).as("seed %d, packet %d", seed, i).isEqualTo(expected);

            refused += expected.startsWith("[") ? 0 : 1;
        }
        assertThat(refused).isBetween(50_000, 150_000);
    }

    /// In the middle of packets of equal sizes is one with a number that is a byte longer or
    /// shorter, which is one continuation bit more or less.
    @Test
    void packetsOfUsualSizesAreReadInTwoWords() throws IOException {
        long seed = 11;
        Random random = new Random(seed);
        for (int run = 0; run < 5_000; run++) {
            int[] sizes = usualSizes(random);
            int[] other = otherSizes(sizes, random.nextInt(NUMBERS));
            for (int i = 0; i < 9; i++) {
                Sample packet = Sample.of(i == 5 ? other : sizes, random);
                AvroInput in = packet.input();

                assertThat(fields.readTwoWords(in))
                        .as("seed %d, run %d, packet %d: %s", seed, run, i, packet)
                        .isTrue();
                assertThat(values(fields, in)).containsExactly(packet.values());
            }
        }
    }

    @Test
    void aContinuationBitThatChangesIsSeen() throws IOException {
        long seed = 12;
        Random random = new Random(seed);
        for (int run = 0; run < 5_000; run++) {
            Sample packet = Sample.of(usualSizes(random), random);
            for (int at = 0; at < packet.encoded().length; at++) {
                byte[] changed = packet.array();
                changed[at] ^= (byte) 0x80;
                fields.read(packet.input());

                assertThat(read(changed, false))
                        .as("seed %d, run %d, byte %d of %s", seed, run, at, packet)
                        .isEqualTo(read(changed, true));
            }
        }
    }

    /// Of the five numbers, which are all but the type.
    private static int[] usualSizes(Random random) {
        int delta = 1 + random.nextInt(2);
        return new int[] {
            delta,
            1 + random.nextInt(Long.BYTES - delta),
            1 + random.nextInt(2),
            1 + random.nextInt(2),
            1 + random.nextInt(2)
        };
    }

    /// With one number a byte longer or shorter.
    private static int[] otherSizes(int[] sizes, int number) {
        int[] other = sizes.clone();
        other[number] += sizes[number] == 1 ? 1 : -1;
        // Both are in one word.
        other[1] = Math.min(other[1], Long.BYTES - other[0]);
        return other;
    }

    /// A packet with all its bytes, and more behind it.
    private record Sample(byte[] encoded, long[] values) {
        static Sample of(int[] sizes, Random random) throws IOException {
            long delta = AvroInput.zigZag(written(sizes[0], random));
            long offset = AvroInput.zigZag(written(sizes[1], random));
            long original = written(sizes[2], random) >>> 1;
            int type = random.nextInt(PacketType.values().length);
            int flags = (int) AvroInput.zigZag(written(sizes[3], random));
            int length = (int) written(sizes[4], random) >>> 1;
            byte[] encoded = encode(delta, offset, original, type, flags, length);
            return new Sample(
                    encoded,
                    new long[] {
                        delta, offset, original, type, flags, encoded.length, length, BEHIND
                    });
        }

        /// A number, as it is written, that takes so many bytes.
        private static long written(int bytes, Random random) {
            return bytes == 1
                    ? random.nextLong(1L << 7)
                    : random.nextLong(1L << 7 * (bytes - 1), 1L << 7 * bytes);
        }

        byte[] array() {
            return Arrays.copyOf(encoded, encoded.length + (int) values[6] + BEHIND);
        }

        AvroInput input() {
            AvroInput in = new AvroInput();
            byte[] array = array();
            in.wrap(array, 0, array.length);
            return in;
        }

        @Override
        public String toString() {
            return Arrays.toString(values);
        }
    }

    /// The values, or why there are none.
    private String read(byte[] array, boolean singly) {
        AvroInput in = new AvroInput();
        in.wrap(array, 0, array.length);
        try {
            if (singly) {
                oneByOne.readOneByOne(in);
            } else {
                fields.read(in);
            }
            return Arrays.toString(values(singly ? oneByOne : fields, in));
        } catch (BatchFormatException e) {
            return e.byteOffset() + ": " + e.getMessage();
        }
    }

    private static long[] values(PacketFields packet, AvroInput in) {
        return new long[] {
            packet.laneNumberDelta(),
            packet.timestampOffsetNs(),
            packet.originalLength(),
            packet.packetType(),
            packet.flags(),
            packet.dataOffset(),
            packet.dataLength(),
            in.remaining()
        };
    }

    private static long number(Random random, int bits) {
        return random.nextLong() >> Long.SIZE - bits;
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
        encoder.writeLong(length);
        encoder.flush();
        return bytes.toByteArray();
    }
}
