package dev.ringtail.bench.micro;

import dev.ringtail.sensor.ring.BlockRing;
import dev.ringtail.sensor.ring.RingGeometry;
import dev.ringtail.sensor.ring.RingWriter;
import dev.ringtail.sensor.ring.SyntheticFrame;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/// A ring in memory with one acquired block, full of UDP frames over IPv4.
final class FilledBlock implements AutoCloseable {
    static final RingGeometry GEOMETRY = new RingGeometry(1 << 20, 2, 50);

    /// Two million frames a second.
    private static final long FRAME_INTERVAL_NS = 500;

    private final Arena arena = Arena.ofShared();
    private final BlockRing ring;

    /// @param frameBytes of every frame
    /// @param flows count of source addresses that the frames have, at random
    FilledBlock(int frameBytes, int flows) {
        MemorySegment memory = arena.allocate(GEOMETRY.lengthBytes(), 4096);
        RingWriter writer = new RingWriter(memory, GEOMETRY);
        Random random = new Random(1);
        int[] addresses = random.ints(flows).toArray();
        boolean room = true;
        for (long timestampNs = 0; room; timestampNs += FRAME_INTERVAL_NS) {
            byte[] frame = frame(frameBytes, addresses[random.nextInt(flows)]);
            room = writer.add(SyntheticFrame.of(frame, timestampNs));
        }
        writer.closeBlock();
        ring = new BlockRing(memory, GEOMETRY);
        ring.acquire();
    }

    private static byte[] frame(int frameBytes, int address) {
        byte[] frame = new byte[frameBytes];
        frame[12] = 0x08;
        frame[14] = 0x45;
        frame[23] = 17;
        for (int i = 0; i < Integer.BYTES; i++) {
            frame[26 + i] = (byte) (address >>> 8 * i);
        }
        return frame;
    }

    /// The ring, its block acquired.
    BlockRing ring() {
        return ring;
    }

    @Override
    public void close() {
        arena.close();
    }
}
