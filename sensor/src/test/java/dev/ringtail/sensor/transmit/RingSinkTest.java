package dev.ringtail.sensor.transmit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.sensor.lane.VlanTag;
import dev.ringtail.sensor.linux.Errno;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

@Timeout(60)
class RingSinkTest {
    private static final TransmitGeometry GEOMETRY = TransmitGeometry.forFrames(1518);
    private static final FrameLimits LIMITS = new FrameLimits(14, 1500);

    /// So far the clock goes on with each look at it.
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final MemorySegment memory = Arena.ofAuto().allocate(GEOMETRY.lengthBytes(), 4096);
    private final TransmitRing ring = new TransmitRing(memory, GEOMETRY);
    private final FakeDevice device = new FakeDevice(memory, GEOMETRY);
    private final TransmitCounters counters = new TransmitCounters();
    private long nowNs;
    private final RingSink sink =
            new RingSink(ring, device, LIMITS, counters, () -> nowNs += TICK_NS);

    @Test
    void sendsEveryFrameInOrder() {
        long seed = new Random().nextLong();
        List<byte[]> frames = TransmitFrames.random(2000, 1514, new Random(seed));

        frames.forEach(this::send);
        sink.flush();

        assertThat(device.frames())
                .as("seed %d", seed)
                .usingElementComparator(TransmitFrames.BYTES)
                .isEqualTo(frames);
        assertThat(counters.sent().packets()).isEqualTo(2000);
        assertThat(counters.sent().bytes())
                .isEqualTo(frames.stream().mapToLong(f -> f.length).sum());
        assertThat(counters.notSentPackets()).isZero();
    }

    @Test
    void triesAgainWhatAFullDeviceDidNotTake() {
        device.capacity = 3;
        List<byte[]> frames = TransmitFrames.random(100, 60, new Random(1));

        frames.forEach(this::send);
        sink.flush();

        assertThat(device.frames()).usingElementComparator(TransmitFrames.BYTES).isEqualTo(frames);
        assertThat(counters.sent().packets()).isEqualTo(100);
        assertThat(counters.notSentPackets()).isZero();
    }

    @Test
    void givesUpAfterASecondOnceAndNotForEachFrame() {
        device.capacity = 0;
        device.error = Errno.ENETDOWN;
        send(frame(60));
        sink.flush();
        int kicks = device.kicks();
        assertThat(kicks).isBetween(5, 15);
        for (int i = 0; i < 10; i++) {
            send(frame(60));
            sink.flush();
        }

        assertThat(device.kicks()).isEqualTo(kicks + 10);
        assertThat(counters.notSent().get("ENETDOWN").packets()).isEqualTo(11);
        assertThat(counters.notSent().get("ENETDOWN").bytes()).isEqualTo(660);
        assertThat(sink.failure()).isNull();

        device.capacity = Integer.MAX_VALUE;
        send(frame(60));
        sink.flush();
        assertThat(counters.sent().packets()).isOne();
    }

    @Test
    void waitsForSlotsThatTheDeviceStillUsesButNotForEver() {
        device.keepsSlots = true;
        for (int i = 0; i < GEOMETRY.slotCount() + 3; i++) {
            send(frame(60));
        }
        sink.flush();

        assertThat(counters.sent().packets()).isEqualTo(GEOMETRY.slotCount());
        assertThat(counters.notSent().get("ENOBUFS").packets()).isEqualTo(3);
    }

    @Test
    void countsWhatTheKernelRefusesAndSendsTheRest() {
        device.refuses = f -> f.length == 61;
        for (int i = 0; i < 300; i++) {
            send(frame(i % 100 == 50 ? 61 : 60));
        }
        sink.flush();

        assertThat(counters.sent().packets()).isEqualTo(297);
        assertThat(counters.notSent().get("EMSGSIZE").packets()).isEqualTo(3);
        assertThat(counters.notSent().get("EMSGSIZE").bytes()).isEqualTo(183);
        assertThat(device.frames()).hasSize(297).allMatch(f -> f.length == 60);
    }

    @Test
    void countsAllAsNotSentOnceTheInterfaceIsGone() {
        device.capacity = 2;
        device.error = Errno.ENXIO;
        for (int i = 0; i < 5; i++) {
            send(frame(60));
        }
        sink.flush();
        send(frame(60));
        sink.flush();

        assertThat(sink.failure())
                .hasMessage(
                        "send(transmit ring): ENXIO (no such device or address); is the interface"
                                + " still there?");
        assertThat(counters.sent().packets()).isEqualTo(2);
        assertThat(counters.notSent().get("ENXIO").packets()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({
        "13, 0800, false, tooShort",
        "14, 0800, false, ",
        "1514, 0800, false, ",
        "1515, 0800, false, tooLong",
        "1518, 8100, false, ",
        "1519, 8100, false, tooLong",
        "1518, 88a8, false, tooLong",
        "1514, 0800, true, ",
        "1515, 0800, true, tooLong"
    })
    void knowsWhichFramesTheInterfaceTakes(int length, String type, boolean tagged, String reason) {
        byte[] frame = new byte[length];
        byte[] typeBytes = dev.ringtail.testing.Frames.bytes(type);
        System.arraycopy(typeBytes, 0, frame, 12, Math.min(2, length - 12));
        long tag = tagged ? VlanTag.of(0x8100, 5) : VlanTag.NONE;

        assertThat(LIMITS.refusal(MemorySegment.ofArray(frame), 0, length, tag)).isEqualTo(reason);
        sink.send(MemorySegment.ofArray(frame), 0, length, tag);
        sink.flush();
        assertThat(counters.sent().packets()).isEqualTo(reason == null ? 1 : 0);
        assertThat(counters.notSentPackets()).isEqualTo(reason == null ? 0 : 1);
    }

    private static byte[] frame(int length) {
        return TransmitFrames.numbered(length, length, new Random(length));
    }

    private void send(byte[] frame) {
        sink.send(MemorySegment.ofArray(frame), 0, frame.length, VlanTag.NONE);
    }
}
