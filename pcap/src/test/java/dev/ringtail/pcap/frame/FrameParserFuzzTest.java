package dev.ringtail.pcap.frame;

import static dev.ringtail.testing.Frames.TCP;
import static dev.ringtail.testing.Frames.UDP;
import static dev.ringtail.testing.Frames.bytes;
import static dev.ringtail.testing.Frames.ethernet;
import static dev.ringtail.testing.Frames.ipv4;
import static dev.ringtail.testing.Frames.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/// Frames stand in segments of exactly their length, so that a read outside of one throws.
class FrameParserFuzzTest {
    private static final int[] LINK_TYPES = {0, 1, 9, 101, 105, 108, 113, 228, 229, 276};

    private static final List<byte[]> FRAMES =
            List.of(
                    ethernet("0800", ipv4(6, 0, TCP)),
                    ethernet("88a8 0001 8100 0002 86dd", ipv6(0, "11 00 050200000100" + UDP)),
                    ethernet("86dd", ipv6(44, "3c 00 0001 00000007 11 00 010400000000" + UDP)),
                    bytes("ff030021", ipv4(1, 0, "0304 0000")),
                    bytes("0800000000000002000100060200000000010000", ipv4(132, 0, UDP)),
                    bytes(ipv6(51, "2b 04" + "00".repeat(22) + "06 00 0000000000" + "00" + TCP)));

    private final FrameParser parser = new FrameParser();

    private static LongStream seeds() {
        return LongStream.concat(LongStream.range(1, 5), LongStream.of(System.nanoTime()));
    }

    @Test
    void neverReadsBeyondAnyCutOfAFrame() {
        for (byte[] frame : FRAMES) {
            for (int length = 0; length <= frame.length; length++) {
                for (int linkType : LINK_TYPES) {
                    check(Arrays.copyOf(frame, length), linkType);
                }
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void takesAnyBytesWithoutAnException(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 50_000; round++) {
            byte[] frame = new byte[random.nextInt(120)];
            random.nextBytes(frame);
            check(frame, LINK_TYPES[random.nextInt(LINK_TYPES.length)]);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void takesMutatedFramesWithoutAnException(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 50_000; round++) {
            byte[] whole = FRAMES.get(random.nextInt(FRAMES.size()));
            byte[] frame = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            for (int i = random.nextInt(4); i > 0 && frame.length > 0; i--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            check(frame, LINK_TYPES[random.nextInt(LINK_TYPES.length)]);
        }
    }

    private void check(byte[] frame, int linkType) {
        parser.parse(MemorySegment.ofArray(frame), 0, frame.length, linkType);

        assertThat(parser.ipVersion()).isIn(0, 4, 6);
        assertThat(parser.transportOffset()).isLessThan(Math.max(frame.length, 1));
        assertThat(parser.headersLength())
                .isBetween(Math.max(parser.transportOffset(), 0), frame.length);
        if (parser.ipVersion() == 0) {
            assertThat(parser.networkOffset()).isEqualTo(-1);
            assertThat(parser.protocol()).isEqualTo(-1);
            assertThat(parser.hasPorts()).isFalse();
        } else {
            int addressesEnd = parser.networkOffset() + (parser.ipVersion() == 4 ? 20 : 40);
            assertThat(addressesEnd).isLessThanOrEqualTo(frame.length);
        }
        if (parser.hasPorts()) {
            assertThat(parser.fragment()).isFalse();
            assertThat(parser.transportOffset() + 4).isLessThanOrEqualTo(frame.length);
        }
    }
}
