package dev.ringtail.sensor;

import dev.ringtail.sensor.lane.Lane;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.ring.FanoutGroup;
import dev.ringtail.sensor.ring.KernelRing;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The rings of one interface with their lanes and threads.
final class InterfaceLanes {
    /// Beyond the block timeout: the kernel's timer and a busy machine.
    private static final Duration SETTLE_MARGIN = Duration.ofMillis(50);

    private final InterfaceCapture capture;
    private final FanoutGroup group;
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private boolean deaf;
    private volatile @Nullable Throwable failure;

    private InterfaceLanes(InterfaceCapture capture, FanoutGroup group) {
        this.capture = capture;
        this.group = group;
    }

    /// Opens the rings, deaf, and makes a lane for each.
    static InterfaceLanes open(LibC libc, InterfaceCapture capture, LaneFactory factory) {
        FanoutGroup group =
                FanoutGroup.open(
                        libc,
                        factory.config().lanes(),
                        factory.config().ring().geometry(),
                        factory.config().socketOptions(false, capture.keepOutgoing()));
        try {
            InterfaceLanes result = new InterfaceLanes(capture, group);
            for (KernelRing ring : group.rings()) {
                result.lanes.add(factory.create(capture, ring));
            }
            return result;
        } catch (RuntimeException e) {
            group.close();
            throw e;
        }
    }

    InterfaceCapture capture() {
        return capture;
    }

    @Nullable Throwable failure() {
        return failure;
    }

    /// Joins the interface, still deaf. Before [#start].
    void join() {
        group.join(capture.target());
    }

    /// Starts the lanes' threads, then lets packets in.
    void start() {
        for (Lane lane : lanes) {
            threads.add(
                    Thread.ofPlatform()
                            .name("rt-lane-" + lane.number())
                            .uncaughtExceptionHandler((thread, fault) -> failure = fault)
                            .start(lane));
        }
        group.listen(capture.filter());
    }

    void deafen() {
        deaf = group.deafen();
    }

    /// Asks the lanes to end.
    ///
    /// @param limit beyond the time in which the kernel hands over its last block
    void drain(Duration limit) {
        Duration settleTime =
                Duration.ofMillis(group.rings().getFirst().geometry().blockTimeoutMs())
                        .plus(SETTLE_MARGIN);
        for (Lane lane : lanes) {
            if (deaf) {
                lane.drain(settleTime, settleTime.plus(limit));
            } else {
                lane.drainLocked(settleTime.plus(limit));
            }
        }
    }

    /// Waits for the lanes to end.
    void awaitEnd() {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    // Their rings are freed next, so they must have ended; lanes keep to their
                    // limit.
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Frees the rings; the threads must have ended.
    void close() {
        group.close();
    }
}
