package dev.ringtail.sensor.lane;

import java.time.Duration;

/// How a lane's end is decided: not before the kernel has had time to hand over its last block, and
/// then as soon as all that the kernel counted has been read, or the limit is reached.
///
/// A ring whose filter is locked can't be deafened and goes on filling: then what the kernel has
/// counted when the lane sees the request is all that is still taken.
///
/// @param requested whether the lane is to end at all
/// @param locked whether packets go on coming
/// @param settledNs monotonic time before which the lane goes on
/// @param limitNs monotonic time at which it ends in any case
public record LaneDrain(boolean requested, boolean locked, long settledNs, long limitNs) {
    /// No end was asked for.
    public static final LaneDrain NOT_YET = new LaneDrain(false, false, 0, 0);

    /// An end that is asked for now.
    ///
    /// @param settleTime so long the kernel may hold packets back
    /// @param limit after this it ends in any case
    public static LaneDrain begin(long nowNs, Duration settleTime, Duration limit) {
        return new LaneDrain(true, false, nowNs + settleTime.toNanos(), nowNs + limit.toNanos());
    }

    static LaneDrain beginLocked(long nowNs, Duration limit) {
        return new LaneDrain(true, true, nowNs, nowNs + limit.toNanos());
    }

    /// Whether the end has come: all was read, and the kernel holds nothing back.
    public boolean isOver(long nowNs, boolean ringIsEmpty) {
        return requested && ringIsEmpty && nowNs - settledNs >= 0;
    }

    /// Whether it has to end, whatever is left.
    public boolean isPastLimit(long nowNs) {
        return requested && nowNs - limitNs >= 0;
    }
}
