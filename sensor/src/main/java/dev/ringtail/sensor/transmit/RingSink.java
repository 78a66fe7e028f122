package dev.ringtail.sensor.transmit;

import dev.ringtail.sensor.lane.VlanTag;
import dev.ringtail.sensor.linux.Errno;
import dev.ringtail.sensor.linux.SyscallException;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;

/// Sends frames through a transmit ring, in order, and counts each as sent or not.
///
/// A device whose queue is full (ENOBUFS past the qdisc, EAGAIN at the socket's limit) or that is
/// down (ENETDOWN) is tried again for as long as [Patience] has it. A frame that the kernel refuses
/// is taken out and counted by the errno. Allocates nothing for a frame.
final class RingSink implements FrameSink {
    /// A send(2) for so many frames costs little a frame, and the device begins early.
    private static final int KICK_FRAMES = 64;

    private final TransmitRing ring;
    private final TransmitPort port;
    private final FrameLimits limits;
    private final TransmitCounters counters;
    private final Patience patience;
    private volatile @Nullable SyscallException failure;

    /// @param nanoTime a monotonic clock
    RingSink(
            TransmitRing ring,
            TransmitPort port,
            FrameLimits limits,
            TransmitCounters counters,
            LongSupplier nanoTime) {
        this.ring = ring;
        this.port = port;
        this.limits = limits;
        this.counters = counters;
        this.patience = new Patience(nanoTime);
    }

    @Override
    public void send(MemorySegment source, long at, int length, long vlanTag) {
        @Nullable String refusal = limits.refusal(source, at, length, vlanTag);
        if (refusal == null) {
            refusal = awaitRoom();
        }
        if (refusal != null) {
            counters.notSent(refusal, 1, length + VlanTag.lengthOf(vlanTag));
            return;
        }
        ring.put(source, at, length, vlanTag);
        if (ring.pending() >= KICK_FRAMES) {
            kick();
        }
    }

    @Override
    public void flush() {
        while (ring.pending() > 0) {
            kick();
        }
    }

    /// @return why there is none, null where there is
    private @Nullable String awaitRoom() {
        while (failure == null && !ring.hasRoom()) {
            if (ring.pending() > 0) {
                kick();
            } else if (patience.isOver()) {
                // All slots are the device's, and it gives none back.
                return Errno.ENOBUFS.name();
            }
        }
        @Nullable SyscallException broken = failure;
        return broken == null ? null : Errno.nameOf(broken.errno());
    }

    private void kick() {
        long result = port.kick();
        int taken = ring.collect();
        if (taken > 0) {
            counters.sent(taken, ring.takenBytes());
            patience.progress();
        }
        if (ring.headRefused()) {
            counters.notSent(Errno.nameOf((int) -result), 1, ring.dropHead());
        } else if (result < 0 && !mayPass(result)) {
            giveUp((int) -result);
            failure =
                    new SyscallException(
                            "send(transmit ring)", (int) -result, "is the interface still there?");
        } else if (taken == 0 && patience.isOver()) {
            giveUp(result < 0 ? (int) -result : Errno.EAGAIN.number());
        }
    }

    @Override
    public @Nullable SyscallException failure() {
        return failure;
    }

    private static boolean mayPass(long result) {
        return Errno.ENOBUFS.is(result)
                || Errno.EAGAIN.is(result)
                || Errno.ENETDOWN.is(result)
                || Errno.ENOMEM.is(result)
                || Errno.EINTR.is(result);
    }

    private void giveUp(int errno) {
        int packets = ring.pending();
        counters.notSent(Errno.nameOf(errno), packets, ring.dropAll());
    }
}
