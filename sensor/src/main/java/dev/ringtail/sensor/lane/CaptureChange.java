package dev.ringtail.sensor.lane;

import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.sensor.ring.BpfMachine;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A change of what the packets of some lanes belong to while they run: another name of the
/// interface, or another filter. Nothing that came under the old filter alone is published under
/// the new one, and nothing that both want is lost:
/// 1. Each lane asks the kernel how many packets its ring has been given, and reads on to that
///    count under the old capture. Then it begins the new one, and from there on runs the new
///    filter over each packet itself; what it refuses had come in the moment before the next step,
///    and is excluded as stale ([#awaitBegun]).
/// 2. The kernel's filters are replaced, and every packet that was in the middle of the old one is
///    waited for ([#filterReplaced]).
/// 3. Each lane asks the kernel for its count again. All beyond that came through the new filter,
///    so after them the lane runs it no more.
///
/// Made by the thread that changes; the lanes follow it at their next turn.
public final class CaptureChange {
    private final CaptureDescriptor capture;
    private final @Nullable BpfProgram filter;
    private final CountDownLatch begun;
    private volatile boolean due;
    private volatile boolean replaced;

    /// @param capture what the packets belong to from now on
    /// @param filter the new filter; null where it stays as it is
    /// @param laneCount lanes that follow the change
    public CaptureChange(CaptureDescriptor capture, @Nullable BpfProgram filter, int laneCount) {
        this.capture = capture;
        this.filter = filter;
        this.begun = new CountDownLatch(laneCount);
    }

    CaptureDescriptor capture() {
        return capture;
    }

    /// A machine of the lane's own that runs the new filter; null where it stays as it is.
    @Nullable BpfMachine machine() {
        return filter == null ? null : new BpfMachine(filter);
    }

    /// Tells that a lane has begun the new capture. Lane thread, once.
    void laneHasBegun() {
        begun.countDown();
    }

    /// Waits until every lane has begun the new capture.
    ///
    /// @return false where one has not, in this time
    public boolean awaitBegun(long timeoutMs) throws InterruptedException {
        return begun.await(timeoutMs, TimeUnit.MILLISECONDS);
    }

    /// Has lanes that can't read what they have, for want of batches, begin all the same: what is
    /// in their rings is then looked at by the new filter too.
    public void beginNow() {
        due = true;
    }

    boolean isDue() {
        return due;
    }

    /// Tells the lanes that the kernel's filter is the new one, for every packet from now on.
    public void filterReplaced() {
        replaced = true;
    }

    boolean isFilterReplaced() {
        return replaced;
    }
}
