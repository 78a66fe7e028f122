package dev.ringtail.pcap.file;

import static dev.ringtail.testing.Frames.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Files cut off at every byte and files with wrong bytes: what is readable comes, then an
/// exception.
class BrokenCaptureTest {
    /// A file and the offsets at which a record or block ends; packets end at the last three.
    record Sample(String name, CaptureBytes content, List<Integer> ends) {
        byte[] file() {
            return content.toByteArray();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Sample> samples() {
        return ByteOrderArguments.both().flatMap(order -> Stream.of(pcap(order), pcapng(order)));
    }

    private static Sample pcap(ByteOrder order) {
        CaptureBytes file = CaptureBytes.pcap(order, 0xa1b2c3d4, 1);
        file.i32(1).i32(0).i32(3).i32(60).bytes(bytes("010203"));
        file.i32(2).i32(0).i32(0).i32(60);
        file.i32(3).i32(0).i32(5).i32(60).bytes(bytes("0102030405"));
        return new Sample("pcap " + order, file, List.of(24, 43, 59, 80));
    }

    private static Sample pcapng(ByteOrder order) {
        CaptureBytes file = CaptureBytes.pcapng(order).interfaceBlock(1, 0);
        file.block(0x0bad, file.body().i64(0));
        file.enhancedPacket(0, 1, bytes("010203")).enhancedPacket(0, 2, bytes(""));
        file.block(3, file.body().i32(5).padded(bytes("0102030405")));
        return new Sample("pcapng " + order, file, List.of(28, 48, 68, 104, 136, 160));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void deliversWhatIsWholeOfAFileThatIsCutOffAnywhere(Sample sample) throws IOException {
        List<ReadPacket> whole = ReadPacket.all(sample.file());
        assertThat(whole).hasSize(3);
        List<Integer> ends = sample.ends();
        assertThat(ends.getLast()).isEqualTo(sample.file().length);

        for (int length = 0; length < sample.file().length; length++) {
            byte[] cut = Arrays.copyOf(sample.file(), length);
            int at = length;
            int complete = (int) ends.stream().filter(end -> end <= at).count();
            if (complete == 0) {
                assertThatThrownBy(() -> ReadPacket.open(cut))
                        .as("cut at %d", length)
                        .isInstanceOf(CaptureFormatException.class);
                continue;
            }
            try (CaptureFileReader reader = ReadPacket.open(cut)) {
                for (int i = 0; i < complete - (ends.size() - 3); i++) {
                    assertThat(reader.next()).isTrue();
                    assertThat(ReadPacket.of(reader)).isEqualTo(whole.get(i));
                }
                if (ends.contains(length)) {
                    assertThat(reader.next()).as("cut at %d", length).isFalse();
                } else {
                    assertThatThrownBy(reader::next)
                            .as("cut at %d", length)
                            .isInstanceOf(CaptureFormatException.class)
                            .hasMessageContaining("byte " + length);
                    assertThat(reader.next()).isFalse();
                }
            }
        }
    }

    static LongStream seeds() {
        return LongStream.concat(LongStream.range(1, 4), LongStream.of(System.nanoTime()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void takesAnyDamageWithNothingButTheOneException(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<Sample> samples = samples().toList();
        for (int round = 0; round < 3000; round++) {
            byte[] file = samples.get(random.nextInt(samples.size())).file();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                // Extreme bytes make the extreme lengths.
                int value = random.nextBoolean() ? random.nextInt() : -random.nextInt(2);
                file[random.nextInt(file.length)] = (byte) value;
            }
            try {
                for (ReadPacket packet : ReadPacket.all(file)) {
                    assertThat(packet.dataHex().length()).isLessThanOrEqualTo(2 * file.length);
                }
            } catch (CaptureFormatException e) {
                assertThat(e).hasMessageStartingWith("test.pcap, byte ");
            }
        }
    }

    /// A length that is allowed but not there may cost what is there, and not more.
    @ByteOrders
    void allocatesOnlyForBytesThatAreThere(ByteOrder order) throws IOException {
        CaptureBytes file = CaptureBytes.pcapng(order).interfaceBlock(1, 0);
        file.i32(6).i32(128 << 20).bytes(new byte[1000]);

        try (CaptureFileReader reader = ReadPacket.open(file.toByteArray())) {
            assertThatThrownBy(reader::next).isInstanceOf(CaptureFormatException.class);
            assertThat(reader.data()).hasSizeLessThan(1 << 20);
        }
    }

    @ByteOrders
    void readsFromAStreamThatGivesAByteAtATime(ByteOrder order) throws IOException {
        byte[] file = pcapng(order).file();
        InputStream dripping =
                new InputStream() {
                    private final InputStream in = new ByteArrayInputStream(file);

                    @Override
                    public int read() throws IOException {
                        return in.read();
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        return in.read(bytes, offset, Math.min(1, length));
                    }
                };

        try (CaptureFileReader reader = CaptureFileReader.open(dripping, "dripping")) {
            assertThat(ReadPacket.all(reader)).isEqualTo(ReadPacket.all(file));
        }
    }
}
