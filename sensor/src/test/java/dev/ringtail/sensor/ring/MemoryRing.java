package dev.ringtail.sensor.ring;

import dev.ringtail.sensor.linux.RingStatistics;
import dev.ringtail.sensor.linux.RolloverStatistics;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// A [PacketRing] in plain memory, filled by a [RingWriter] as the kernel would: what finds no room
/// is counted as dropped.
public final class MemoryRing implements PacketRing {
    private final Arena arena = Arena.ofShared();
    private final Semaphore wakeUps = new Semaphore(0);
    private final RingWriter writer;
    private final BlockRing blocks;
    private final boolean immediate;
    private long packets;
    private long drops;
    private RolloverStatistics rollover = RolloverStatistics.NONE;

    public MemoryRing(RingGeometry geometry) {
        this(geometry, false);
    }

    /// @param immediate what [#immediate] says
    public MemoryRing(RingGeometry geometry, boolean immediate) {
        this.immediate = immediate;
        var memory = arena.allocate(geometry.lengthBytes(), 4096);
        writer = new RingWriter(memory, geometry);
        blocks = new BlockRing(memory, geometry);
    }

    /// Puts packets into the ring, closing blocks as they fill, and hands over the last one as the
    /// kernel's timer would.
    public synchronized void receive(List<SyntheticFrame> frames) {
        boolean open = false;
        for (SyntheticFrame frame : frames) {
            packets++;
            if (open && !writer.add(frame)) {
                writer.closeBlock();
                open = false;
            } else if (open) {
                continue;
            }
            if (writer.writable() && writer.add(frame)) {
                open = true;
            } else {
                drops++;
            }
        }
        if (open) {
            writer.closeBlock();
        }
        wakeUps.release();
    }

    /// Counts packets of a block that is still open; the ring gets them by [#receive], which counts
    /// them again.
    public synchronized void count(int openPackets) {
        packets += openPackets;
    }

    @Override
    public RingReader blocks() {
        return blocks;
    }

    @Override
    public boolean immediate() {
        return immediate;
    }

    @Override
    public synchronized RolloverStatistics rolloverStatistics() {
        return rollover;
    }

    /// Sets what the ring gave to others so far.
    public synchronized void rolledOver(RolloverStatistics statistics) {
        rollover = statistics;
    }

    @Override
    public int await(int timeoutMs) {
        try {
            if (wakeUps.tryAcquire(timeoutMs, TimeUnit.MILLISECONDS)) {
                wakeUps.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    @Override
    public void wake() {
        wakeUps.release();
    }

    @Override
    public synchronized RingStatistics takeStatistics() {
        RingStatistics taken = new RingStatistics(packets, drops, 0);
        packets = 0;
        drops = 0;
        return taken;
    }

    @Override
    public void close() {
        arena.close();
    }
}
