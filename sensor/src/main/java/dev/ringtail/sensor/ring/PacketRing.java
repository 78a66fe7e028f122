package dev.ringtail.sensor.ring;

import dev.ringtail.sensor.linux.RingStatistics;

/// A ring with the means to wait for it: what a lane reads from. The kernel's is [KernelRing]; a
/// lane's tests have one in plain memory.
///
/// One thread reads; [#wake] may be called from any.
public interface PacketRing extends AutoCloseable {
    /// The blocks.
    BlockRing blocks();

    /// Waits until the kernel hands over a block, [#wake] is called, or the time is over. All
    /// acquired blocks must have been released.
    ///
    /// @return the positive error number that the socket reports, 0 for none
    int await(int timeoutMs);

    /// Ends a wait, now or the next one.
    void wake();

    /// Counts since the last call.
    RingStatistics takeStatistics();

    /// Frees the ring. No thread may read it any more.
    @Override
    void close();
}
