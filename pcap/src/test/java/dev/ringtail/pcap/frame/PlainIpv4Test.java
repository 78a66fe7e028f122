package dev.ringtail.pcap.frame;

import static dev.ringtail.testing.Frames.TCP;
import static dev.ringtail.testing.Frames.UDP;
import static dev.ringtail.testing.Frames.ethernet;
import static dev.ringtail.testing.Frames.ipv4;
import static dev.ringtail.testing.Frames.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.pcap.LinkType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/// [PlainIpv4] finds what [FrameParser] finds, and takes no frame that is anything else. Frames
/// stand at the end of their segments, so that a read behind one throws.
class PlainIpv4Test {
    private static final int MAX_LENGTH = 80;
    private static final int HEADERS_BYTES = 42;

    private static final byte[] PLAIN = ethernet("0800", ipv4(6, 0, TCP));

    private static final List<byte[]> FRAMES =
            List.of(
                    PLAIN,
                    ethernet("0800", ipv4(17, 0, UDP)),
                    ethernet("0800", ipv4(6, 0x4000, TCP)),
                    ethernet("0800", ipv4(17, 0x8000, UDP)),
                    ethernet("0800", ipv4(6, 0x2000, TCP)),
                    ethernet("0800", ipv4(17, 0x6000, UDP)),
                    ethernet("0800", ipv4(6, 0x0001, TCP)),
                    ethernet("0800", ipv4(17, 0x1fff, UDP)),
                    ethernet("0800", ipv4(1, 0, "0304 0000 0000 0514")),
                    ethernet("0800", ipv4(132, 0, UDP)),
                    ethernet("0800", ipv4(136, 0, UDP)),
                    ethernet("0800", "46" + ipv4(6, 0, "01010101" + TCP).substring(2)),
                    ethernet("0800", "44" + ipv4(6, 0, TCP).substring(2)),
                    ethernet("0800", "65" + ipv4(6, 0, TCP).substring(2)),
                    ethernet("0800", ipv6(6, TCP)),
                    ethernet("86dd", ipv6(6, TCP)),
                    ethernet("86dd", ipv4(6, 0, TCP)),
                    ethernet("86dd", ipv6(44, "11 00 0001 00000007" + UDP)),
                    ethernet("8100 0064 0800", ipv4(6, 0, TCP)),
                    ethernet("8100 4500 0800", ipv4(6, 0, TCP)),
                    ethernet("88a8 0064 8100 0065 0800", ipv4(17, 0, UDP)),
                    ethernet("0806", "0001 0800 06 04", "00".repeat(22)));

    private final FrameParser parser = new FrameParser();
    private int plainCount;

    private static LongStream seeds() {
        return LongStream.concat(LongStream.range(1, 5), LongStream.of(System.nanoTime()));
    }

    @Test
    void agreesOnEveryCutOfAFrame() {
        for (byte[] frame : FRAMES) {
            for (int length = 0; length <= MAX_LENGTH; length++) {
                check(Arrays.copyOf(frame, length), length % 8);
            }
        }
        assertThat(plainCount).isEqualTo(4 * (MAX_LENGTH - 37));
    }

    @Test
    void agreesOnEveryValueOfTheFieldsThatDecide() {
        int[] fields = {12, 14, 20, 22};
        for (int field : fields) {
            byte[] frame = PLAIN.clone();
            for (int value = 0; value <= 0xffff; value++) {
                frame[field] = (byte) (value >>> 8);
                frame[field + 1] = (byte) value;
                check(frame, 0);
            }
        }
        // One EtherType, any type of service, both flags that tell of no fragment, any time to
        // live with TCP and UDP.
        assertThat(plainCount).isEqualTo(1 + 256 + 4 + 2 * 256);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void agreesOnMutatedFrames(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200_000; round++) {
            byte[] whole = FRAMES.get(random.nextInt(FRAMES.size()));
            boolean cut = random.nextInt(4) == 0;
            byte[] frame = Arrays.copyOf(whole, cut ? random.nextInt(MAX_LENGTH) : whole.length);
            for (int i = random.nextInt(4); i > 0 && frame.length > 0; i--) {
                int at = random.nextInt(Math.min(frame.length, HEADERS_BYTES));
                frame[at] =
                        (byte)
                                (random.nextBoolean()
                                        ? random.nextInt()
                                        : frame[at] ^ 1 << random.nextInt(8));
            }
            check(frame, random.nextInt(16));
        }
        assertThat(plainCount).isPositive();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void agreesOnAnyBytes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 50_000; round++) {
            byte[] frame = new byte[random.nextInt(MAX_LENGTH + 1)];
            random.nextBytes(frame);
            check(frame, random.nextInt(16));
        }
    }

    /// @param at where in its segment the frame begins
    private void check(byte[] frame, int at) {
        byte[] bytes = new byte[at + frame.length];
        System.arraycopy(frame, 0, bytes, at, frame.length);
        MemorySegment memory = MemorySegment.ofArray(bytes);

        int protocol = PlainIpv4.protocol(memory, at, frame.length);

        parser.parse(memory, at, frame.length, LinkType.ETHERNET);
        if (protocol != (isPlain() ? parser.protocol() : PlainIpv4.NONE)) {
            throw different(frame, "protocol %d".formatted(protocol));
        }
        if (protocol == PlainIpv4.NONE) {
            return;
        }
        plainCount++;
        long addresses = PlainIpv4.addresses(memory, at);
        int ports = PlainIpv4.ports(memory, at);
        if ((int) (addresses >>> 32) != parser.sourceAddress4()
                || (int) addresses != parser.destinationAddress4()
                || ports >>> 16 != parser.sourcePort()
                || (ports & 0xffff) != parser.destinationPort()) {
            throw different(frame, "addresses %x, ports %x".formatted(addresses, ports));
        }
    }

    private boolean isPlain() {
        return parser.ipVersion() == 4
                && (parser.protocol() == 6 || parser.protocol() == 17)
                && parser.hasPorts()
                && !parser.fragment()
                && parser.networkOffset() == 14
                && parser.transportOffset() == 34;
    }

    private static AssertionError different(byte[] frame, String found) {
        return new AssertionError("%s of %s".formatted(found, HexFormat.of().formatHex(frame)));
    }
}
