package dev.ringtail.sensor.linux;

import static dev.ringtail.sensor.linux.Structs.IF_STATS_MSG;
import static dev.ringtail.sensor.linux.Structs.RTNL_LINK_STATS64;
import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// The devices' own statistics of a network namespace (RTM_GETSTATS of
/// [rtnetlink(7)](https://man7.org/linux/man-pages/man7/rtnetlink.7.html), Linux 4.7 and later).
/// Needs no capability.
///
/// It belongs to the namespace that the opening thread is in, wherever it is used. That is why it
/// is not /sys/class/net, which shows the namespace that was mounted: there, a device of another
/// namespace that has the same name would answer. Any thread; readers take turns.
public final class LinkStatistics implements AutoCloseable {
    private static final long ATTRIBUTES = IF_STATS_MSG.byteSize();
    private static final long RX_DROPPED = offsetOf(RTNL_LINK_STATS64, "rx_dropped");
    private static final long RX_FIFO = offsetOf(RTNL_LINK_STATS64, "rx_fifo_errors");
    private static final long RX_MISSED = offsetOf(RTNL_LINK_STATS64, "rx_missed_errors");

    private final NetlinkSocket socket;
    private boolean closed;

    private LinkStatistics(NetlinkSocket socket) {
        this.socket = socket;
    }

    /// What a device did not hand on to the network layer, since it was made (`struct
    /// rtnl_link_stats64`).
    ///
    /// @param rxMissed packets for which the device had no room (`rx_missed_errors`)
    /// @param rxFifo packets lost to an overrun of the device's FIFO (`rx_fifo_errors`)
    /// @param rxDropped packets that were received and dropped (`rx_dropped`)
    public record Losses(long rxMissed, long rxFifo, long rxDropped) {
        static final Losses NONE = new Losses(0, 0, 0);
    }

    /// Opens a socket in the calling thread's network namespace.
    public static LinkStatistics open(LibC libc) {
        return new LinkStatistics(NetlinkSocket.open(libc, 0));
    }

    /// The losses of a device; empty where the kernel says nothing, as of one that is gone.
    ///
    /// @param interfaceIndex index in the namespace
    synchronized Optional<Losses> losses(int interfaceIndex) {
        if (closed) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(IF_STATS_MSG);
            request.set(JAVA_INT_UNALIGNED, offsetOf(IF_STATS_MSG, "ifindex"), interfaceIndex);
            request.set(
                    JAVA_INT_UNALIGNED,
                    offsetOf(IF_STATS_MSG, "filter_mask"),
                    NetlinkConstants.FILTER_STATS_LINK_64);
            Answer answer = new Answer();
            socket.request(NetlinkConstants.RTM_GETSTATS, request, answer::take);
            return Optional.ofNullable(answer.losses);
        } catch (SyscallException e) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            socket.close();
        }
    }

    /// Keeps what a message says, which is gone after the call.
    private static final class Answer {
        private @Nullable Losses losses;

        void take(NetlinkMessage message) {
            losses =
                    NetlinkAttributes.parse(message.body().asSlice(ATTRIBUTES))
                            .bytes(NetlinkConstants.IFLA_STATS_LINK_64)
                            .map(
                                    s ->
                                            new Losses(
                                                    s.get(JAVA_LONG_UNALIGNED, RX_MISSED),
                                                    s.get(JAVA_LONG_UNALIGNED, RX_FIFO),
                                                    s.get(JAVA_LONG_UNALIGNED, RX_DROPPED)))
                            .orElse(null);
        }
    }
}
