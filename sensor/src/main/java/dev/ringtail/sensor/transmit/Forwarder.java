package dev.ringtail.sensor.transmit;

import static dev.ringtail.sensor.ring.RingReader.MEMORY;

import dev.ringtail.sensor.lane.LaneDrain;
import dev.ringtail.sensor.lane.VlanTag;
import dev.ringtail.sensor.linux.Errno;
import dev.ringtail.sensor.linux.PacketConstants;
import dev.ringtail.sensor.ring.FrameView;
import dev.ringtail.sensor.ring.PacketRing;
import dev.ringtail.sensor.ring.RingReader;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Takes packets out of a ring and gives them to a target, in order, until it is drained.
///
/// A block is held until its frames are sent or given up, since a target may send them from where
/// they lie; that takes at most as long as [Patience] has it, and meanwhile the kernel fills the
/// other blocks. Runs on a platform thread of its own. Only [#drain] may be called from other
/// threads. Allocates nothing for a packet.
final class Forwarder implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Forwarder.class);
    private static final int MAX_BLOCKS_A_TURN = 16;
    private static final int MAX_WAIT_MS = 50;
    private static final long STATISTICS_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    /// Reason: the end came before its turn.
    private static final String STOPPED = "stopped";

    private final PacketRing ring;
    private final FrameTarget target;
    private final FrameSink sink;
    private final ForwardCounters counters;
    private final boolean keepOutgoing;
    private final FrameView frame = new FrameView();
    private volatile LaneDrain drain = LaneDrain.NOT_YET;

    private long lastStatisticsNs = System.nanoTime();
    private boolean givingUp;

    /// @param keepOutgoing false where packets that this host sends are left out
    Forwarder(PacketRing ring, FrameTarget target, ForwardCounters counters, boolean keepOutgoing) {
        this.ring = ring;
        this.target = target;
        this.sink = target.sink();
        this.counters = counters;
        this.keepOutgoing = keepOutgoing;
    }

    /// Forwards until [#drain] was called and the ring is empty.
    @Override
    public void run() {
        while (true) {
            boolean worked = forwardBlocks();
            long nowNs = System.nanoTime();
            LaneDrain draining = drain;
            if (nowNs - lastStatisticsNs >= STATISTICS_INTERVAL_NS || draining.requested()) {
                readStatistics(nowNs);
            }
            if (!worked && draining.isOver(nowNs, ringIsEmpty())) {
                return;
            }
            if (draining.isPastLimit(nowNs)) {
                giveUpRest();
                return;
            }
            if (!worked) {
                await();
            }
        }
    }

    /// Asks the forwarder to end. The ring must have been deafened before.
    ///
    /// @param settleTime the ring's block timeout and a margin: so long the kernel may hold packets
    ///   back
    /// @param limit it ends then in any case, and counts what is left as not sent
    void drain(Duration settleTime, Duration limit) {
        drain = LaneDrain.begin(System.nanoTime(), settleTime, limit);
        ring.wake();
    }

    private boolean forwardBlocks() {
        RingReader blocks = ring.blocks();
        int count = 0;
        while (count < MAX_BLOCKS_A_TURN
                && !drain.isPastLimit(System.nanoTime())
                && blocks.acquire()) {
            forward(blocks);
            blocks.release();
            count++;
        }
        return count > 0;
    }

    private void giveUpRest() {
        givingUp = true;
        RingReader blocks = ring.blocks();
        while (blocks.acquire()) {
            forward(blocks);
            blocks.release();
        }
        readStatistics(System.nanoTime());
    }

    private void forward(RingReader block) {
        long blockStart = block.blockStart();
        long blockEnd = block.blockEnd();
        int packetCount = block.packetCount();
        long header = block.firstPacket();
        for (int i = 0; i < packetCount; i++) {
            if (!frame.read(header, blockStart, blockEnd)) {
                counters.malformed(packetCount - i);
                break;
            }
            forwardPacket();
            header = frame.next();
        }
        sink.flush();
    }

    private void forwardPacket() {
        long data = frame.data();
        int length = frame.capturedLength();
        long vlanTag = VlanTag.takenFrom(frame);
        int bytes = length + VlanTag.lengthOf(vlanTag);
        counters.received().add(1, bytes);
        if (givingUp) {
            counters.frames().notSent(STOPPED, 1, bytes);
        } else if (!keepOutgoing && frame.packetType() == PacketConstants.PACKET_OUTGOING) {
            counters.outgoing().add(1, bytes);
        } else if (target.isOwn(MEMORY, data, length)) {
            counters.ownTraffic().add(1, bytes);
        } else {
            if (length < frame.originalLength()) {
                counters.cut().add(1, bytes);
            }
            sink.send(MEMORY, data, length, vlanTag);
        }
    }

    private void await() {
        int error = ring.await(MAX_WAIT_MS);
        if (error != 0) {
            LOGGER.atWarn()
                    .addKeyValue("error", Errno.describe(error))
                    .log(
                            "the captured interface reports an error; if it is only down,"
                                    + " forwarding resumes when it is up");
        }
    }

    private void readStatistics(long nowNs) {
        counters.kernel(ring.takeStatistics());
        lastStatisticsNs = nowNs;
    }

    private boolean ringIsEmpty() {
        return counters.kernelPackets() - counters.kernelDrops() == counters.received().packets();
    }
}
