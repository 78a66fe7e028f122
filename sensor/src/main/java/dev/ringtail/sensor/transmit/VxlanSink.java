package dev.ringtail.sensor.transmit;

import static dev.ringtail.sensor.linux.Structs.IOVEC;
import static dev.ringtail.sensor.linux.Structs.MMSGHDR;
import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringtail.sensor.lane.VlanTag;
import dev.ringtail.sensor.linux.Errno;
import dev.ringtail.sensor.linux.SyscallException;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.LongSupplier;

/// Sends each frame as a VXLAN datagram, up to 64 in one sendmmsg(2).
///
/// ```text
/// UDP payload:   0x08 000000 │ VNI (24 bits) 00 │ Ethernet frame
/// in four parts: the header, the MAC addresses, the VLAN tag to be put back, the rest
/// ```
///
/// The kernel gathers the parts from where they are, so the memory of a frame must stay as it is
/// until [#flush]. A datagram that is larger than the path's MTU leaves in IP fragments. One that
/// fails is counted by the errno and not tried again, but for those that found a queue of this
/// machine full (EAGAIN, ENOBUFS), which are for as long as [Patience] has it. An ICMP error is
/// told by the kernel at the datagram after the one that caused it, and counted there. Native
/// memory alone; allocates nothing for a frame.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7348#section-5">RFC 7348, VXLAN</a>
final class VxlanSink implements FrameSink {
    /// Sends datagrams: sendmmsg(2) at a connected socket.
    @FunctionalInterface
    interface Sender {
        /// @return how many were sent, from the first on, or a negated errno where the first was
        ///   not
        int send(MemorySegment messages, int count);
    }

    /// Largest VXLAN network identifier.
    static final int MAX_VNI = (1 << 24) - 1;

    /// Bytes of the VXLAN header.
    static final int HEADER_BYTES = 8;

    private static final int BATCH_FRAMES = 64;
    private static final int PARTS = 4;
    private static final int ETHERNET_HEADER_BYTES = 14;
    private static final int VNI_IS_VALID = 0x08000000;
    private static final long MESSAGE_BYTES = MMSGHDR.byteSize();
    private static final long PART_BYTES = IOVEC.byteSize();
    private static final long PART_LENGTH = offsetOf(IOVEC, "iov_len");
    private static final ValueLayout.OfInt NETWORK_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);

    private final Sender sender;
    private final int maxFrameBytes;
    private final TransmitCounters counters;
    private final Patience patience;
    private final MemorySegment messages;
    private final MemorySegment parts;
    private final MemorySegment tags;
    private final int[] lengths = new int[BATCH_FRAMES];
    private int count;

    /// @param maxPayloadBytes most bytes of a datagram
    /// @param arena owns the memory of the batch
    /// @param nanoTime a monotonic clock
    VxlanSink(
            Sender sender,
            int vni,
            int maxPayloadBytes,
            TransmitCounters counters,
            Arena arena,
            LongSupplier nanoTime) {
        this.sender = sender;
        this.maxFrameBytes = maxPayloadBytes - HEADER_BYTES;
        this.counters = counters;
        this.patience = new Patience(nanoTime);
        this.messages = arena.allocate(MMSGHDR, BATCH_FRAMES);
        this.parts = arena.allocate(IOVEC, BATCH_FRAMES * PARTS);
        this.tags = arena.allocate(JAVA_INT, BATCH_FRAMES);
        MemorySegment header = arena.allocate(HEADER_BYTES, Integer.BYTES);
        header.set(NETWORK_INT, 0, VNI_IS_VALID);
        header.set(NETWORK_INT, 4, vni << 8);
        for (int i = 0; i < BATCH_FRAMES; i++) {
            long message = i * MESSAGE_BYTES;
            long firstPart = parts.address() + (long) i * PARTS * PART_BYTES;
            messages.set(JAVA_LONG, message + offsetOf(MMSGHDR, "msg_iov"), firstPart);
            messages.set(JAVA_LONG, message + offsetOf(MMSGHDR, "msg_iovlen"), PARTS);
            part(i, 0, header.address(), HEADER_BYTES);
        }
    }

    @Override
    public void send(MemorySegment source, long at, int length, long vlanTag) {
        int tagBytes = VlanTag.lengthOf(vlanTag);
        int wireLength = length + tagBytes;
        if (length < ETHERNET_HEADER_BYTES) {
            counters.notSent(FrameLimits.TOO_SHORT, 1, wireLength);
            return;
        }
        if (wireLength > maxFrameBytes) {
            counters.notSent(FrameLimits.TOO_LONG, 1, wireLength);
            return;
        }
        long address = source.address() + at;
        long tag = (long) count * Integer.BYTES;
        tags.set(NETWORK_INT, tag, (int) vlanTag);
        part(count, 1, address, VlanTag.OFFSET);
        part(count, 2, tags.address() + tag, tagBytes);
        part(count, 3, address + VlanTag.OFFSET, length - VlanTag.OFFSET);
        lengths[count] = wireLength;
        count++;
        if (count == BATCH_FRAMES) {
            flush();
        }
    }

    private void part(int message, int part, long address, long length) {
        long at = ((long) message * PARTS + part) * PART_BYTES;
        parts.set(JAVA_LONG, at, address);
        parts.set(JAVA_LONG, at + PART_LENGTH, length);
    }

    @Override
    public void flush() {
        int next = 0;
        while (next < count) {
            int result = sender.send(messages.asSlice(next * MESSAGE_BYTES), count - next);
            if (result > 0) {
                counters.sent(result, bytes(next, result));
                patience.progress();
                next += result;
            } else if (!isWorthATry(result)) {
                counters.notSent(Errno.nameOf(-result), 1, lengths[next]);
                next++;
            }
        }
        count = 0;
    }

    private boolean isWorthATry(int result) {
        return Errno.EINTR.is(result)
                || (Errno.EAGAIN.is(result) || Errno.ENOBUFS.is(result)) && !patience.isOver();
    }

    private long bytes(int from, int messageCount) {
        long bytes = 0;
        for (int i = from; i < from + messageCount; i++) {
            bytes += lengths[i];
        }
        return bytes;
    }

    /// Null: each datagram stands for itself.
    @Override
    public @Nullable SyscallException failure() {
        return null;
    }
}
