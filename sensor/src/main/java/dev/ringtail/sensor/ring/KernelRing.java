package dev.ringtail.sensor.ring;

import dev.ringtail.pcap.libpcap.BpfInstruction;
import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.sensor.linux.Errno;
import dev.ringtail.sensor.linux.EventFd;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.NetworkInterface;
import dev.ringtail.sensor.linux.PacketSocket;
import dev.ringtail.sensor.linux.RingPoll;
import dev.ringtail.sensor.linux.RingStatistics;
import dev.ringtail.sensor.linux.SyscallException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// A TPACKET_V3 ring of the kernel, with its socket.
///
/// Opened deaf: the filter lets nothing in until [#listen], so that binding and joining a fanout
/// group neither duplicates nor loses a packet. Close order: unmap, then close the socket; a socket
/// whose ring is still mapped stays in its fanout group and swallows packets.
public final class KernelRing implements PacketRing {
    /// Accepts nothing: `ret #0`.
    static final BpfProgram DEAF =
            new BpfProgram(List.of(new BpfInstruction(KernelFilter.RETURN, 0, 0, 0)));

    private static final Logger LOGGER = LoggerFactory.getLogger(KernelRing.class);
    private static final int MIN_BLOCK_COUNT = 16;

    private final PacketSocket socket;
    private final EventFd wakeUp;
    private final RingPoll poll;
    private final Arena arena;
    private final RingGeometry geometry;
    private final BlockRing blocks;

    private KernelRing(
            PacketSocket socket,
            EventFd wakeUp,
            RingPoll poll,
            Arena arena,
            RingGeometry geometry,
            BlockRing blocks) {
        this.socket = socket;
        this.wakeUp = wakeUp;
        this.poll = poll;
        this.arena = arena;
        this.geometry = geometry;
        this.blocks = blocks;
    }

    /// Opens a socket in the calling thread's network namespace and gives it a ring. Where the
    /// kernel has no memory for it, the count of blocks is halved, down to 16.
    ///
    /// @throws SyscallException naming the step that failed
    public static KernelRing open(LibC libc, RingGeometry wanted) {
        PacketSocket socket = PacketSocket.open(libc);
        Arena arena = Arena.ofShared();
        try {
            socket.useTpacketV3();
            socket.attach(DEAF);
            socket.stampAtReceive();
            RingGeometry geometry = allocate(socket, wanted);
            MemorySegment memory = socket.mapRing(geometry.lengthBytes(), arena);
            EventFd wakeUp = EventFd.open(libc);
            return new KernelRing(
                    socket,
                    wakeUp,
                    new RingPoll(libc, socket, wakeUp, arena),
                    arena,
                    geometry,
                    new BlockRing(memory, geometry));
        } catch (RuntimeException e) {
            arena.close();
            socket.close();
            throw e;
        }
    }

    private static RingGeometry allocate(PacketSocket socket, RingGeometry wanted) {
        RingGeometry geometry = wanted;
        while (true) {
            try {
                socket.allocateRing(
                        geometry.blockBytes(),
                        geometry.blockCount(),
                        RingGeometry.FRAME_BYTES,
                        geometry.blockTimeoutMs());
                return geometry;
            } catch (SyscallException e) {
                int half = geometry.blockCount() / 2;
                if (e.errno() != Errno.ENOMEM.number() || half < MIN_BLOCK_COUNT) {
                    throw e;
                }
                LOGGER.atWarn()
                        .addKeyValue("wantedBlocks", geometry.blockCount())
                        .addKeyValue("nextTry", half)
                        .log("the kernel has no memory for the ring; trying a smaller one");
                geometry = geometry.withBlockCount(half);
            }
        }
    }

    /// Binds to an interface, still deaf.
    ///
    /// @param promiscuous whether packets for other hosts are wanted too
    void bind(NetworkInterface target, boolean promiscuous) {
        if (promiscuous) {
            socket.joinPromiscuous(target.index());
        }
        socket.bind(target);
    }

    /// Makes a new fanout group with this ring as its first member.
    ///
    /// @return the group's id
    int createFanout() {
        return socket.createFanout();
    }

    /// Joins a fanout group.
    void joinFanout(int groupId) {
        socket.joinFanout(groupId);
    }

    /// Lets packets in that the filter accepts, cut to what it returns.
    void listen(BpfProgram filter) {
        socket.takeStatistics();
        socket.attach(filter);
    }

    /// Lets packets in by another filter from now on.
    void replaceFilter(BpfProgram filter) {
        socket.attach(filter);
    }

    /// Lets nothing in any more. What the ring holds stays, and the block that is being filled is
    /// handed over after the block timeout. Any thread.
    void deafen() {
        socket.attach(DEAF);
    }

    /// The geometry that the kernel had memory for.
    public RingGeometry geometry() {
        return geometry;
    }

    @Override
    public BlockRing blocks() {
        return blocks;
    }

    @Override
    public int await(int timeoutMs) {
        return poll.await(timeoutMs) ? socket.takeError() : 0;
    }

    @Override
    public void wake() {
        wakeUp.signal();
    }

    @Override
    public RingStatistics takeStatistics() {
        return socket.takeStatistics();
    }

    @Override
    public void close() {
        arena.close();
        wakeUp.close();
        socket.close();
    }
}
