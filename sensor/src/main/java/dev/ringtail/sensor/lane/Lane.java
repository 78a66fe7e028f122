package dev.ringtail.sensor.lane;

import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ledger.LaneTerm;
import dev.ringtail.sensor.linux.Errno;
import dev.ringtail.sensor.linux.RingStatistics;
import dev.ringtail.sensor.linux.RolloverStatistics;
import dev.ringtail.sensor.linux.SyscallException;
import dev.ringtail.sensor.ring.BpfMachine;
import dev.ringtail.sensor.ring.PacketRing;
import dev.ringtail.sensor.ring.RingReader;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A capture lane: takes blocks from its ring, has them encoded, gives them back, and only then
/// waits.
///
/// While no batch is free the blocks stay in the ring, where the kernel counts what finds no room;
/// the lane never waits for the publisher with a block in hand that it has begun. Where the ring
/// hands over each packet at once, the batches are closed whenever the lane has to wait, for the
/// lowest delay. Runs on a platform thread of its own until it is drained. Only [#drain] and
/// [#drainLocked] may be called from other threads.
public final class Lane implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Lane.class);

    private static final int MAX_BLOCKS_A_TURN = 16;
    private static final int MAX_SLOTS_A_TURN = 256;
    private static final long NO_END = Long.MAX_VALUE;
    private static final int MAX_WAIT_MS = 50;
    private static final long STARVED_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long BEGUN = -1;
    private static final long STATISTICS_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final PacketRing ring;
    private final BatchEncoder batches;
    private final BlockEncoder encoder;
    private final LaneCounters counters;
    private final long maxBatchAgeNs;
    private final int waitMs;
    private final long kernelPacketsBefore;
    private final long kernelDropsBefore;
    private final long receivedBefore;
    private final int maxBlocksATurn;
    private volatile LaneDrain drain = LaneDrain.NOT_YET;
    private volatile @Nullable CaptureChange requestedChange;

    private long lastStatisticsNs;

    /// The change that the lane has seen last.
    private @Nullable CaptureChange change;

    /// Count of packets after which it begins.
    private long beginAt = BEGUN;

    /// The change whose filter the lane still runs itself, if any, up to this count of packets.
    private @Nullable CaptureChange filterChange;

    private long recheckUntil;
    private boolean starved;
    private RolloverStatistics rollover = RolloverStatistics.NONE;

    /// Packets that the lane will have received when it ends, once that is known.
    private long lastPacket = NO_END;

    /// @param maxBatchAge a batch is closed when it has been open for so long
    public Lane(
            PacketRing ring,
            BatchEncoder batches,
            BlockEncoder encoder,
            LaneCounters counters,
            Duration maxBatchAge) {
        this.ring = ring;
        this.batches = batches;
        this.encoder = encoder;
        this.counters = counters;
        this.maxBatchAgeNs = maxBatchAge.toNanos();
        this.kernelPacketsBefore = counters.kernelPackets();
        this.kernelDropsBefore = counters.kernelDrops();
        this.receivedBefore = counters.packets(LaneTerm.RECEIVED);
        this.maxBlocksATurn = ring.immediate() ? MAX_SLOTS_A_TURN : MAX_BLOCKS_A_TURN;
        this.waitMs = (int) Math.min(MAX_WAIT_MS, maxBatchAge.toMillis());
    }

    /// Number of the lane in its session.
    public int number() {
        return counters.lane();
    }

    /// Reads until [#drain] was called and the ring is empty, then hands over what is pending.
    @Override
    public void run() {
        try {
            read();
        } finally {
            batches.closeAll();
        }
    }

    private void read() {
        boolean ended = false;
        while (!ended) {
            ended = turn();
        }
    }

    /// Reads what is there, and waits where that is nothing. A method of its own, as a loop that
    /// runs for ever stays with the interpreter for long.
    ///
    /// @return whether the lane has come to its end
    private boolean turn() {
        followChange();
        boolean worked = readBlocks();
        long nowNs = System.nanoTime();
        batches.closeOpenedBefore(nowNs - maxBatchAgeNs);
        LaneDrain draining = drain;
        if (lastPacket == NO_END
                && (nowNs - lastStatisticsNs >= STATISTICS_INTERVAL_NS || draining.requested())) {
            readStatistics(nowNs);
        }
        if (draining.locked() && lastPacket == NO_END) {
            lastPacket = delivered();
            return false;
        }
        if (!worked && !starved && draining.isOver(nowNs, ringIsEmpty())) {
            return true;
        }
        if (draining.isPastLimit(nowNs)) {
            shedBlocks();
            if (!draining.locked()) {
                readStatistics(nowNs);
            }
            return true;
        }
        if (!worked) {
            await();
        }
        return false;
    }

    /// Gives up what the ring still holds, for want of batches, and counts it.
    private void shedBlocks() {
        RingReader blocks = ring.blocks();
        while (wanted() > 0 && blocks.acquire()) {
            encoder.shed(blocks, (int) Math.min(wanted(), blocks.packetCount()));
            blocks.release();
        }
    }

    /// Packets that the lane may still take.
    private long wanted() {
        return lastPacket - received();
    }

    /// Asks the lane to end. The ring must have been deafened before, as must those of all other
    /// members of its fanout group.
    ///
    /// @param settleTime the ring's block timeout and a margin: so long the kernel may hold packets
    ///   back
    /// @param limit the lane ends then in any case, and counts as shed what no batch was free for
    public void drain(Duration settleTime, Duration limit) {
        drain = LaneDrain.begin(System.nanoTime(), settleTime, limit);
        wake();
    }

    /// Has what is read from the lane's next turn on belong to another capture, see
    /// [CaptureChange]. One change at a time.
    public void change(CaptureChange next) {
        requestedChange = next;
        ring.wake();
    }

    private void followChange() {
        CaptureChange requested = requestedChange;
        if (requested == null || lastPacket != NO_END) {
            return;
        }
        if (requested != change) {
            change = requested;
            readStatistics(System.nanoTime());
            beginAt = delivered();
        }
        if (beginAt != BEGUN && (received() >= beginAt || requested.isDue())) {
            begin(requested);
        }
        if (filterChange != null) {
            endRecheck(filterChange);
        }
    }

    private void begin(CaptureChange begun) {
        beginAt = BEGUN;
        batches.beginCapture(begun.capture());
        BpfMachine machine = begun.machine();
        if (machine != null) {
            encoder.recheck(machine);
            filterChange = begun;
            recheckUntil = Long.MAX_VALUE;
        }
        begun.laneHasBegun();
    }

    private void endRecheck(CaptureChange rechecked) {
        if (recheckUntil == Long.MAX_VALUE && rechecked.isFilterReplaced()) {
            readStatistics(System.nanoTime());
            recheckUntil = delivered();
        }
        if (received() >= recheckUntil) {
            encoder.recheck(null);
            filterChange = null;
        }
    }

    /// Asks the lane to end though its ring can't be deafened, as its filter is locked. It reads
    /// the kernel's count once, takes exactly the packets that are in the ring by then, though they
    /// may be but a part of a block, and leaves what comes after uncounted.
    ///
    /// @param limit as for [#drain]
    public void drainLocked(Duration limit) {
        drain = LaneDrain.beginLocked(System.nanoTime(), limit);
        wake();
    }

    /// That a lane can't be woken must not keep others from being asked to end: it looks by itself
    /// before long.
    private void wake() {
        try {
            ring.wake();
        } catch (SyscallException e) {
            LOGGER.atWarn().addKeyValue("lane", number()).setCause(e).log("cannot wake the lane");
        }
    }

    private boolean readBlocks() {
        RingReader blocks = ring.blocks();
        starved = false;
        int count = 0;
        while (count < maxBlocksATurn && wanted() > 0 && blocks.acquire()) {
            if (!batches.hasRoomFor(blocks.blockBytes(), blocks.packetCount())) {
                starved = true;
                break;
            }
            int packetCount = (int) Math.min(wanted(), blocks.packetCount());
            encoder.encode(blocks, packetCount, System.nanoTime());
            blocks.release();
            count++;
        }
        return count > 0;
    }

    private void await() {
        if (starved) {
            LockSupport.parkNanos(this, STARVED_WAIT_NS);
            return;
        }
        if (ring.immediate()) {
            batches.closeAll();
        }
        int error = ring.await(waitMs);
        // That the interface is down or gone is told by those who watch it, once and not by lane.
        if (error != 0 && error != Errno.ENETDOWN.number()) {
            LOGGER.atWarn()
                    .addKeyValue("lane", counters.lane())
                    .addKeyValue("interface", counters.interfaceName())
                    .addKeyValue("error", Errno.describe(error))
                    .log("the interface reports an error");
        }
    }

    private void readStatistics(long nowNs) {
        RingStatistics statistics = ring.takeStatistics();
        counters.kernel(statistics.packets(), statistics.drops(), statistics.freezes());
        RolloverStatistics now = ring.rolloverStatistics();
        counters.rollover(
                now.all() - rollover.all(),
                now.huge() - rollover.huge(),
                now.failed() - rollover.failed());
        rollover = now;
        lastStatisticsNs = nowNs;
    }

    private boolean ringIsEmpty() {
        return delivered() == received();
    }

    /// Packets that the kernel had put into this ring when its statistics were last read.
    private long delivered() {
        return counters.kernelPackets()
                - kernelPacketsBefore
                - (counters.kernelDrops() - kernelDropsBefore);
    }

    /// Packets that were read from this ring; another ring may have come before it.
    private long received() {
        return counters.packets(LaneTerm.RECEIVED) - receivedBefore;
    }
}
