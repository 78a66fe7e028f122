package dev.ringtail.sensor.record;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The order of packets in the file: within a lane as captured, between lanes by the time of the
/// lanes' next packets, where times are equal by the lanes' order.
///
/// The earliest packet is next for certain only when every lane holds one. A lane that holds none
/// is waited for, but not longer than it may take to hand a packet over: packets that were captured
/// before a batch arrived are there when that batch has been held for so long. A lane that is later
/// still has its packets written when they come, behind later ones of other lanes; such a batch is
/// counted. The recorder's thread alone.
final class LaneMerge {
    private final List<LaneInput> lanes;
    private final long holdNs;
    private long boundNs;
    private long lateBatchCount;

    /// @param lanes may grow
    /// @param holdNs time from the capture of a packet until its batch has been handed over, at the
    ///   most
    LaneMerge(List<LaneInput> lanes, long holdNs) {
        this.lanes = lanes;
        this.holdNs = holdNs;
    }

    /// The lane whose packet comes next; null where there is none, or a lane has to be waited for.
    ///
    /// @param nowNs [System#nanoTime]
    /// @param patient whether to wait for lanes that hold nothing
    @Nullable LaneInput next(long nowNs, boolean patient) {
        LaneInput earliest = null;
        long earliestNs = Long.MAX_VALUE;
        boolean certain = true;
        boolean ripe = !patient;
        boundNs = Long.MAX_VALUE;
        for (LaneInput lane : lanes) {
            if (lane.isEmpty()) {
                certain = false;
                continue;
            }
            ripe |= nowNs - lane.first().arrivedNs() >= holdNs;
            long timestampNs = lane.packet().timestampNs();
            if (earliest == null || timestampNs < earliestNs) {
                boundNs = earliestNs;
                earliest = lane;
                earliestNs = timestampNs;
            } else {
                boundNs = Math.min(boundNs, timestampNs);
            }
        }
        return certain || ripe ? earliest : null;
    }

    /// Moves on from a packet of [#next]'s lane.
    ///
    /// @return whether the lane's next packet comes next, without [#next] being asked
    boolean passWritten(LaneInput lane) {
        return lane.passWritten() && lane.packet().timestampNs() < boundNs;
    }

    /// Notes that a lane that held nothing has handed a batch over.
    void arrived(LaneInput lane) {
        long earliestNs = lane.packet().minTimestampNs();
        if (lanes.stream().anyMatch(l -> l != lane && l.writtenUpToNs() > earliestNs)) {
            lateBatchCount++;
        }
    }

    /// Batches so far that came when later packets of other lanes had been written.
    long lateBatchCount() {
        return lateBatchCount;
    }

    /// How long the lanes that hold nothing are still to be waited for.
    ///
    /// @return nanoseconds; the longest time of all where nothing is held
    long waitNs(long nowNs) {
        long leastNs = Long.MAX_VALUE;
        for (LaneInput lane : lanes) {
            if (!lane.isEmpty()) {
                leastNs = Math.min(leastNs, holdNs - (nowNs - lane.first().arrivedNs()));
            }
        }
        return leastNs;
    }
}
