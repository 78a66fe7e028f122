package dev.ringtail.sensor.lane;

import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.sensor.ring.BpfMachine;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A change of what the packets of some lanes belong to while they run: another name of the
/// interface, or another filter. Nothing that came under the old filter alone is published under
/// the new one, and nothing that the new one wants is lost:
/// 1. Each lane begins the new capture, and from then on runs the new filter over each packet
///    itself; what it refuses had come under the old filter and is excluded as stale
///    ([#awaitBegun]).
/// 2. The kernel's filters are replaced, and every packet that was in the middle of the old one is
///    waited for ([#filterReplaced]).
/// 3. Each lane asks the kernel how many packets its ring has been given so far. All beyond that
///    count came through the new filter, so after them the lane runs it no more.
///
/// Made by the thread that changes; the lanes follow it at their next turn.
public final class CaptureChange {
    private final CaptureDescriptor capture;
    private final @Nullable BpfProgram filter;
    private final CountDownLatch begun;
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

    /// Tells the lanes that the kernel's filter is the new one, for every packet from now on.
    public void filterReplaced() {
        replaced = true;
    }

    boolean isFilterReplaced() {
        return replaced;
    }
}
