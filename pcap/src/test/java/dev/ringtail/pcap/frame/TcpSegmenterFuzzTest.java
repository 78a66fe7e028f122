package dev.ringtail.pcap.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.pcap.LinkType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/// Segments of random super-frames, put together again, are what there was.
class TcpSegmenterFuzzTest {
    private static final int[] LINK_TYPES = {
        LinkType.ETHERNET, LinkType.LINUX_SLL, LinkType.LINUX_SLL2, LinkType.RAW
    };

    private final TransportPacket original = new TransportPacket();
    private final TransportPacket segment = new TransportPacket();

    private static LongStream seeds() {
        return LongStream.concat(LongStream.range(1, 5), LongStream.of(System.nanoTime()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void carriesTheWholePayloadInSegmentsThatFitTheMtu(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SuperFrames frames = new SuperFrames(random);
        for (int round = 0; round < 200; round++) {
            int mtu = random.nextInt(200, 4_000);
            int linkType = LINK_TYPES[random.nextInt(LINK_TYPES.length)];
            check(frames.next(linkType), linkType, mtu);
        }
    }

    private void check(byte[] frame, int linkType, int mtu) {
        TcpSegmenter segmenter = new TcpSegmenter(mtu);
        MemorySegment whole = MemorySegment.ofArray(frame);
        assertThat(original.read(whole, frame.length, linkType)).isTrue();
        int payloadLength = original.end() - original.payloadAt();
        assertThat(segmenter.begin(frame, 0, frame.length, linkType)).isEqualTo(payloadLength > 0);
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        while (segmenter.next()) {
            MemorySegment memory = MemorySegment.ofArray(segmenter.array());
            assertThat(segment.read(memory, segmenter.length(), linkType)).isTrue();
            assertThat(segment.end()).isEqualTo(segmenter.length());
            int size = segment.end() - segment.networkAt();
            assertThat(size).isLessThanOrEqualTo(mtu);
            payload.write(
                    segmenter.array(), segment.payloadAt(), segment.end() - segment.payloadAt());
            if (payload.size() < payloadLength) {
                assertThat(size).isEqualTo(mtu);
            }
            int transportLength = segment.end() - segment.transportAt();
            assertThat(
                            InternetChecksum.of(
                                    segment.pseudoHeaderSum(transportLength)
                                            + InternetChecksum.sum(
                                                    memory,
                                                    segment.transportAt(),
                                                    transportLength)))
                    .isZero();
        }
        assertThat(payload.toByteArray())
                .isEqualTo(Arrays.copyOfRange(frame, original.payloadAt(), original.end()));
    }
}
