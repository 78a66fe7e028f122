package dev.ringtail.sensor.ring;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// A packet as a test reads it out of a ring, with the kernel's facts about it.
@SuppressWarnings("ArrayRecordComponent")
record RingFrame(byte[] data, long originalLength, int status, int packetType, long timestampNs) {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /// Takes what the ring has handed over.
    static List<RingFrame> drain(PacketRing ring) {
        RingReader blocks = ring.blocks();
        List<RingFrame> frames = new ArrayList<>();
        FrameView frame = new FrameView();
        while (blocks.acquire()) {
            long header = blocks.firstPacket();
            for (int i = 0; i < blocks.packetCount(); i++) {
                assertThat(frame.read(header, blocks.blockStart(), blocks.blockEnd())).isTrue();
                frames.add(at(frame));
                header = frame.next();
            }
            blocks.release();
        }
        return frames;
    }

    /// Reads one ring until it has given so many packets, or for ten seconds.
    static List<RingFrame> read(PacketRing ring, int count) {
        return read(List.of(ring), f -> f.size() >= count).getFirst();
    }

    /// Reads several rings until a condition holds for what all of them gave, or for ten seconds.
    ///
    /// @return the packets of each ring
    static List<List<RingFrame>> read(
            List<? extends PacketRing> rings, Predicate<List<RingFrame>> enough) {
        List<List<RingFrame>> frames = new ArrayList<>();
        rings.forEach(r -> frames.add(new ArrayList<>()));
        long endNs = System.nanoTime() + LIMIT.toNanos();
        List<RingFrame> all = new ArrayList<>();
        while (!enough.test(all) && System.nanoTime() < endNs) {
            rings.getFirst().await(5);
            for (int i = 0; i < rings.size(); i++) {
                List<RingFrame> drained = drain(rings.get(i));
                frames.get(i).addAll(drained);
                all.addAll(drained);
            }
        }
        return frames;
    }

    private static RingFrame at(FrameView frame) {
        return new RingFrame(
                RingReader.MEMORY.asSlice(frame.data(), frame.capturedLength()).toArray(JAVA_BYTE),
                frame.originalLength(),
                frame.status(),
                frame.packetType(),
                frame.timestampNs());
    }

    /// The two bytes at an offset, as a number.
    int number(int offset) {
        return (data[offset] & 0xff) << 8 | data[offset + 1] & 0xff;
    }
}
