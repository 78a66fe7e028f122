package dev.ringtail.sensor.lane;

import dev.ringtail.sensor.linux.EventFd;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.PacketConstants;
import dev.ringtail.sensor.linux.RingPoll;
import dev.ringtail.sensor.linux.RingStatistics;
import dev.ringtail.sensor.linux.RolloverStatistics;
import dev.ringtail.sensor.ring.BlockRing;
import dev.ringtail.sensor.ring.PacketRing;
import dev.ringtail.sensor.ring.RingGeometry;
import dev.ringtail.sensor.ring.RingReader;
import dev.ringtail.sensor.ring.RingWriter;
import dev.ringtail.sensor.ring.SyntheticFrame;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.function.IntConsumer;

/// A ring that fills itself, a block of frames of many kinds whenever the lane waits for it: what
/// [LaneWarmUp] has a lane read. It polls as a kernel's ring does, so that this is warm too.
final class SyntheticRing implements PacketRing {
    static final RingGeometry GEOMETRY = new RingGeometry(256 << 10, 4, 10);

    private static final int[] FRAME_BYTES = {60, 60, 60, 128, 590, 1514};
    private static final int ETHERNET_ADDRESSES_BYTES = 12;
    private static final int PORTS_BYTES = 4;
    private static final int SUPER_FRAME_BYTES = 60_000;

    /// What a lane asks a packet's status for: a branch that was never taken is not compiled.
    private static final int[] STATUS_BITS = {
        0,
        PacketConstants.TP_STATUS_VLAN_VALID,
        PacketConstants.TP_STATUS_CSUMNOTREADY,
        PacketConstants.TP_STATUS_CSUM_VALID,
        PacketConstants.TP_STATUS_GSO_TCP,
        PacketConstants.TP_STATUS_TS_RAW_HARDWARE
    };

    private final Arena arena = Arena.ofShared();
    private final EventFd wakeUp;
    private final RingPoll poll;
    private final RingWriter writer;
    private final BlockRing blocks;
    private final Random random;
    private IntConsumer beforeBlock = blockNumber -> {};
    private boolean filling = true;
    private int blockNumber;
    private long packets;

    /// @param random of the frames
    SyntheticRing(LibC libc, Random random) {
        MemorySegment memory = arena.allocate(GEOMETRY.lengthBytes(), 4096);
        this.writer = new RingWriter(memory, GEOMETRY);
        this.blocks = new BlockRing(memory, GEOMETRY);
        this.wakeUp = EventFd.open(libc);
        this.poll = new RingPoll(libc, wakeUp, arena);
        this.random = random;
    }

    /// Has somebody told of each block before it is filled, by the blocks' numbers from 1, on the
    /// lane's thread.
    void beforeEachBlock(IntConsumer listener) {
        beforeBlock = listener;
    }

    /// Lets no more packets come. The lane's thread.
    void stopFilling() {
        filling = false;
    }

    @Override
    public RingReader blocks() {
        return blocks;
    }

    @Override
    public boolean immediate() {
        return false;
    }

    @Override
    public int await(int timeoutMs) {
        boolean _ = poll.await(0);
        if (filling) {
            beforeBlock.accept(++blockNumber);
        }
        if (filling) {
            fillBlock();
        }
        return 0;
    }

    private void fillBlock() {
        while (writer.add(frame())) {
            packets++;
        }
        writer.closeBlock();
    }

    private SyntheticFrame frame() {
        byte[] data = new byte[FRAME_BYTES[random.nextInt(FRAME_BYTES.length)]];
        boolean ipv6 = random.nextInt(4) == 0;
        data[ETHERNET_ADDRESSES_BYTES] = (byte) (ipv6 ? 0x86 : 0x08);
        data[13] = (byte) (ipv6 ? 0xdd : 0x00);
        data[14] = (byte) (ipv6 ? 0x60 : 0x45);
        data[ipv6 ? 20 : 23] = (byte) (random.nextBoolean() ? 6 : 17);
        // On loopback both addresses are often the same.
        boolean toItself = random.nextInt(4) == 0;
        for (int i = 0; i < 4; i++) {
            data[26 + i] = (byte) random.nextInt();
            data[(ipv6 ? 42 : 30) + i] = toItself ? data[26 + i] : (byte) random.nextInt();
        }
        for (int i = 0; i < PORTS_BYTES; i++) {
            data[(ipv6 ? 54 : 34) + i] = (byte) random.nextInt();
        }
        int status =
                random.nextInt(4) == 0
                        ? STATUS_BITS[random.nextInt(STATUS_BITS.length)]
                        : PacketConstants.TP_STATUS_TS_SOFTWARE;
        int packetType = random.nextInt(16) == 0 ? PacketConstants.PACKET_OUTGOING : 0;
        // Segments that the kernel has put together are longer than the short way of PacketNumbers
        // takes.
        int originalLength = random.nextInt(64) == 0 ? SUPER_FRAME_BYTES : data.length;
        return new SyntheticFrame(
                data, originalLength, System.nanoTime(), packetType, status, 5, 0x8100);
    }

    @Override
    public void wake() {
        wakeUp.signal();
    }

    @Override
    public RingStatistics takeStatistics() {
        RingStatistics statistics = new RingStatistics(packets, 0, 0);
        packets = 0;
        return statistics;
    }

    @Override
    public RolloverStatistics rolloverStatistics() {
        return RolloverStatistics.NONE;
    }

    @Override
    public void close() {
        wakeUp.close();
        arena.close();
    }
}
