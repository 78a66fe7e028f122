package dev.ringtail.sensor.transmit;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringtail.sensor.lane.VlanTag;
import dev.ringtail.sensor.linux.Errno;
import dev.ringtail.sensor.linux.Structs;
import dev.ringtail.testing.Frames;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

@Timeout(60)
class VxlanSinkTest {
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final byte[] HEADER = Frames.bytes("08000000 abcdef 00");

    private final Arena arena = Arena.ofAuto();
    private final List<byte[]> payloads = new ArrayList<>();

    /// What the next calls answer; when it is empty, everything is sent.
    private final Deque<Integer> answers = new ArrayDeque<>();

    private final TransmitCounters counters = new TransmitCounters();
    private long nowNs;
    private final VxlanSink sink =
            new VxlanSink(
                    this::sendmmsg, 0xabcdef, 65_507, counters, arena, () -> nowNs += TICK_NS);

    @Test
    void putsEachFrameBehindAHeaderIntoADatagramOfItsOwn() {
        long seed = new Random().nextLong();
        List<byte[]> frames = TransmitFrames.random(200, 1514, new Random(seed));

        frames.forEach(f -> send(f, VlanTag.NONE));
        sink.flush();

        assertThat(payloads).as("seed %d", seed).hasSize(200);
        for (int i = 0; i < 200; i++) {
            assertThat(payloads.get(i)).as("seed %d", seed).isEqualTo(encapsulated(frames.get(i)));
        }
        assertThat(counters.sent().packets()).isEqualTo(200);
        assertThat(counters.sent().bytes())
                .isEqualTo(frames.stream().mapToLong(f -> f.length).sum());
    }

    @Test
    void putsAVlanTagBackBehindTheAddresses() {
        send(Frames.ethernet("0800", Frames.ipv4(17, 0, Frames.UDP)), VlanTag.of(0x88a8, 0xa064));
        sink.flush();

        assertThat(payloads.getFirst())
                .isEqualTo(
                        encapsulated(
                                Frames.ethernet("88a8 a064 0800", Frames.ipv4(17, 0, Frames.UDP))));
    }

    @Test
    void goesOnBehindTheDatagramsThatWereSent() {
        List<byte[]> frames = TransmitFrames.random(10, 60, new Random(2));
        answers.addAll(List.of(3, -Errno.EINTR.number(), -Errno.EAGAIN.number(), 5));

        frames.forEach(f -> send(f, VlanTag.NONE));
        sink.flush();

        assertThat(payloads).hasSize(10);
        assertThat(payloads.get(9)).isEqualTo(encapsulated(frames.get(9)));
        assertThat(counters.sent().packets()).isEqualTo(10);
        assertThat(counters.notSent()).isEmpty();
    }

    @Test
    void countsADatagramThatFailedByItsErrnoAndSendsTheRest() {
        answers.addAll(List.of(1, -Errno.ECONNREFUSED.number(), 1, -Errno.ENETUNREACH.number()));
        List<byte[]> frames = TransmitFrames.random(5, 60, new Random(3));

        frames.forEach(f -> send(f, VlanTag.NONE));
        sink.flush();

        assertThat(counters.sent().packets()).isEqualTo(3);
        assertThat(counters.notSent().get("ECONNREFUSED").packets()).isOne();
        assertThat(counters.notSent().get("ECONNREFUSED").bytes()).isEqualTo(60);
        assertThat(counters.notSent().get("ENETUNREACH").packets()).isOne();
        assertThat(payloads.get(2)).isEqualTo(encapsulated(frames.get(4)));
    }

    @Test
    void givesUpOnAFullQueueAfterASecondOnceAndNotForEachDatagram() {
        for (int i = 0; i < 40; i++) {
            answers.add(-Errno.ENOBUFS.number());
        }
        for (byte[] frame : TransmitFrames.random(10, 60, new Random(4))) {
            send(frame, VlanTag.NONE);
        }
        sink.flush();

        assertThat(counters.notSent().get("ENOBUFS").packets()).isEqualTo(10);
        assertThat(answers).hasSizeBetween(15, 25);
    }

    @Test
    void countsWhatNoDatagramHoldsAndWhatIsNoFrame() {
        send(new byte[65_500], VlanTag.NONE);
        send(new byte[65_499], VlanTag.of(0x8100, 1));
        send(new byte[65_499], VlanTag.NONE);
        send(new byte[13], VlanTag.NONE);
        sink.flush();

        assertThat(counters.notSent().get("tooLong").packets()).isEqualTo(2);
        assertThat(counters.notSent().get("tooLong").bytes()).isEqualTo(65_500 + 65_503);
        assertThat(counters.notSent().get("tooShort").packets()).isOne();
        assertThat(payloads).hasSize(1);
        assertThat(payloads.getFirst()).hasSize(65_507);
    }

    private int sendmmsg(MemorySegment messages, int count) {
        int sent = answers.isEmpty() ? count : answers.remove();
        for (int i = 0; i < sent; i++) {
            payloads.add(gather(messages.asSlice(i * Structs.MMSGHDR.byteSize())));
        }
        return sent;
    }

    private static byte[] gather(MemorySegment message) {
        long address = message.get(JAVA_LONG, Structs.offsetOf(Structs.MMSGHDR, "msg_iov"));
        long count = message.get(JAVA_LONG, Structs.offsetOf(Structs.MMSGHDR, "msg_iovlen"));
        MemorySegment parts =
                MemorySegment.ofAddress(address).reinterpret(count * Structs.IOVEC.byteSize());
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            long base = parts.get(JAVA_LONG, i * 16L);
            long length = parts.get(JAVA_LONG, i * 16L + 8);
            payload.writeBytes(
                    MemorySegment.ofAddress(base).reinterpret(length).toArray(JAVA_BYTE));
        }
        return payload.toByteArray();
    }

    private static byte[] encapsulated(byte[] frame) {
        byte[] payload = Arrays.copyOf(HEADER, HEADER.length + frame.length);
        System.arraycopy(frame, 0, payload, HEADER.length, frame.length);
        return payload;
    }

    private void send(byte[] frame, long vlanTag) {
        sink.send(arena.allocateFrom(JAVA_BYTE, frame), 0, frame.length, vlanTag);
    }
}
