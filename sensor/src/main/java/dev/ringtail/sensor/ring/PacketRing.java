package dev.ringtail.sensor.ring;

import dev.ringtail.sensor.linux.RingStatistics;
import dev.ringtail.sensor.linux.RolloverStatistics;

/// A ring with the means to wait for it: what a lane reads from. The kernel's is [KernelRing]; a
/// lane's tests have one in plain memory.
///
/// One thread reads; [#wake] may be called from any.
public interface PacketRing extends AutoCloseable {
    /// The blocks.
    RingReader blocks();

    /// Whether each packet is handed over at once, for whoever wants it soon (TPACKET_V2).
    boolean immediate();

    /// Waits until the kernel hands over a block, [#wake] is called, or the time is over. All
    /// acquired blocks must have been released.
    ///
    /// @return the positive error number that the socket reports, 0 for none
    int await(int timeoutMs);

    /// Ends a wait, now or the next one.
    void wake();

    /// Counts since the last call.
    RingStatistics takeStatistics();

    /// What the ring gave to others of its group for want of room, counted since it joined.
    RolloverStatistics rolloverStatistics();

    /// Frees the ring. No thread may read it any more: one that does ends the JVM.
    @Override
    void close();
}
