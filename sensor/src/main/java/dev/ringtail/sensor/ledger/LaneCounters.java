package dev.ringtail.sensor.ledger;

import dev.ringtail.schema.Tally;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// What one lane counts about itself, in packets and bytes since the session began.
///
/// Every counter has one writer, so an addition is a plain read and a release store: no locked
/// instruction, and no allocation but by [#shed]. What every packet adds to is added once a block
/// or once a batch. The kernel's figures may be written by another thread than the rest. Anyone may
/// read at any time; a reader sees each counter whole, but counters read while the lane runs belong
/// to slightly different moments.
public final class LaneCounters {
    private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);

    /// Longs before and after the counters, so that no other object shares their cache lines, not
    /// even as half of the 128-byte pair that the prefetcher of x86 fetches.
    private static final int PADDING_COUNT = 16;

    private static final int KERNEL_PACKETS = PADDING_COUNT;
    private static final int KERNEL_DROPS = KERNEL_PACKETS + 1;
    private static final int RING_FREEZES = KERNEL_PACKETS + 2;
    private static final int ROLLED_OVER = KERNEL_PACKETS + 3;
    private static final int ROLLED_OVER_HUGE = KERNEL_PACKETS + 4;
    private static final int ROLLOVER_FAILED = KERNEL_PACKETS + 5;
    private static final int TALLIES = KERNEL_PACKETS + 6;
    private static final int VALUE_COUNT = TALLIES + 2 * LaneTerm.values().length + PADDING_COUNT;

    private final int lane;
    private volatile String interfaceName;
    private final long[] values = new long[VALUE_COUNT];

    /// Never changed, but replaced as a whole, so that a reader sees no half of an addition.
    private volatile Map<String, Tally> shed = Map.of();

    public LaneCounters(int lane, String interfaceName) {
        this.lane = lane;
        this.interfaceName = interfaceName;
    }

    /// Number of the lane, unique within the session.
    public int lane() {
        return lane;
    }

    /// The interface that the lane reads, or read last.
    public String interfaceName() {
        return interfaceName;
    }

    /// Goes on with another interface, or another name of the same.
    public void interfaceName(String name) {
        interfaceName = name;
    }

    /// Adds what one read of `PACKET_STATISTICS` gave (the kernel clears it at each read).
    ///
    /// @param packets `tp_packets`: passed the filter, the dropped ones included
    /// @param drops `tp_drops`
    /// @param freezes `tp_freeze_q_cnt`: times the ring was found full
    public void kernel(long packets, long drops, long freezes) {
        add(KERNEL_PACKETS, packets);
        add(KERNEL_DROPS, drops);
        add(RING_FREEZES, freezes);
    }

    /// Adds what PACKET_ROLLOVER_STATS grew by since it was last read.
    ///
    /// @param all `tp_all`: packets that went to another lane
    /// @param huge `tp_huge`: of those, packets of a very large flow
    /// @param failed `tp_failed`: packets for which no other lane had room
    public void rollover(long all, long huge, long failed) {
        add(ROLLED_OVER, all);
        add(ROLLED_OVER_HUGE, huge);
        add(ROLLOVER_FAILED, failed);
    }

    public void received(long packets, long bytes) {
        add(LaneTerm.RECEIVED, packets, bytes);
    }

    public void published(long packets, long bytes) {
        add(LaneTerm.PUBLISHED, packets, bytes);
    }

    /// Adds packets that were left out.
    ///
    /// @param term one of the EXCLUDED terms
    public void excluded(LaneTerm term, long packets, long bytes) {
        add(term, packets, bytes);
    }

    public void malformed(long packets, long bytes) {
        add(LaneTerm.MALFORMED, packets, bytes);
    }

    /// Adds packets that were cut.
    ///
    /// @param bytes the bytes that were cut off, which are in no other term but received
    public void cut(long packets, long bytes) {
        add(LaneTerm.CUT, packets, bytes);
    }

    /// Adds packets that were received and then given up by policy. Lane thread only; copies the
    /// few reasons at each call, so collect a block's packets before.
    ///
    /// @param reason why, in few words; few different ones, since each becomes a term
    public void shed(String reason, long packets, long bytes) {
        Map<String, Tally> sums = new TreeMap<>(shed);
        sums.merge(reason, new Tally(packets, bytes), LedgerTotal::plus);
        shed = Collections.unmodifiableMap(sums);
    }

    /// Sets what the open batches hold now.
    public void pending(long packets, long bytes) {
        int index = index(LaneTerm.PENDING);
        VALUES.setRelease(values, index, packets);
        VALUES.setRelease(values, index + 1, bytes);
    }

    /// What was given up, by reason; not to be changed.
    public Map<String, Tally> shed() {
        return shed;
    }

    public long packets(LaneTerm term) {
        return value(index(term));
    }

    public long bytes(LaneTerm term) {
        return value(index(term) + 1);
    }

    public long kernelPackets() {
        return value(KERNEL_PACKETS);
    }

    public long kernelDrops() {
        return value(KERNEL_DROPS);
    }

    public long ringFreezes() {
        return value(RING_FREEZES);
    }

    public long rolledOver() {
        return value(ROLLED_OVER);
    }

    public long rolledOverHuge() {
        return value(ROLLED_OVER_HUGE);
    }

    public long rolloverFailed() {
        return value(ROLLOVER_FAILED);
    }

    private void add(LaneTerm term, long packets, long bytes) {
        int index = index(term);
        add(index, packets);
        add(index + 1, bytes);
    }

    private void add(int index, long amount) {
        VALUES.setRelease(values, index, values[index] + amount);
    }

    private long value(int index) {
        return (long) VALUES.getAcquire(values, index);
    }

    private static int index(LaneTerm term) {
        return TALLIES + 2 * term.index;
    }
}
