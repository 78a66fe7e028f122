package dev.ringtail.sensor.ring;

import dev.ringtail.pcap.libpcap.BpfInstruction;
import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.sensor.linux.Errno;
import dev.ringtail.sensor.linux.EventFd;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.MacAddress;
import dev.ringtail.sensor.linux.NetworkInterface;
import dev.ringtail.sensor.linux.PacketSocket;
import dev.ringtail.sensor.linux.RingPoll;
import dev.ringtail.sensor.linux.RingStatistics;
import dev.ringtail.sensor.linux.RolloverStatistics;
import dev.ringtail.sensor.linux.SyscallException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// A ring of the kernel, with its socket: TPACKET_V3, or TPACKET_V2 where packets are wanted at
/// once.
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

    /// How much of frames that are larger than their V2 slot may wait to be read.
    private static final int OVERSIZED_QUEUE_BYTES = 8 << 20;

    private final PacketSocket socket;
    private final EventFd wakeUp;
    private final RingPoll poll;
    private final Arena arena;
    private final RingGeometry geometry;
    private final SocketOptions options;
    private final RingReader blocks;
    private boolean rollsOver;

    private KernelRing(
            PacketSocket socket,
            EventFd wakeUp,
            RingPoll poll,
            Arena arena,
            RingGeometry geometry,
            SocketOptions options,
            RingReader blocks) {
        this.socket = socket;
        this.wakeUp = wakeUp;
        this.poll = poll;
        this.arena = arena;
        this.geometry = geometry;
        this.options = options;
        this.blocks = blocks;
    }

    /// Opens a socket in the calling thread's network namespace and gives it a ring. Where the
    /// kernel has no memory for it, the count of blocks is halved, down to 16.
    ///
    /// @throws SyscallException naming the step that failed
    static KernelRing open(LibC libc, RingGeometry wanted, SocketOptions options) {
        PacketSocket socket = PacketSocket.open(libc, options.cooked());
        Arena arena = Arena.ofShared();
        try {
            prepare(socket, wanted, options);
            RingGeometry geometry = allocate(socket, wanted);
            MemorySegment memory = socket.mapRing(geometry.lengthBytes(), arena);
            RingReader reader = reader(socket, memory, geometry, options, arena);
            EventFd wakeUp = EventFd.open(libc);
            RingPoll poll = new RingPoll(libc, socket, wakeUp, arena);
            return new KernelRing(socket, wakeUp, poll, arena, geometry, options, reader);
        } catch (RuntimeException e) {
            arena.close();
            socket.close();
            throw e;
        }
    }

    private static void prepare(PacketSocket socket, RingGeometry wanted, SocketOptions options) {
        if (options.immediate()) {
            socket.useTpacketV2();
            socket.queueOversized(OVERSIZED_QUEUE_BYTES);
        } else {
            socket.useTpacketV3();
        }
        int reserveBytes =
                wanted.reserveBytes() + (options.immediate() ? SlotRing.RESERVE_BYTES : 0);
        if (reserveBytes > 0) {
            socket.reserve(reserveBytes);
        }
        socket.attach(DEAF);
        if (options.timestamps() != TimestampSource.RING) {
            socket.stampAtReceive();
        }
        if (options.timestamps() == TimestampSource.HARDWARE) {
            socket.stampByHardware();
        }
    }

    private static RingReader reader(
            PacketSocket socket,
            MemorySegment memory,
            RingGeometry geometry,
            SocketOptions options,
            Arena arena) {
        return options.immediate()
                ? new SlotRing(
                        memory,
                        geometry,
                        socket::receive,
                        arena.allocate(geometry.blockBytes(), Long.BYTES))
                : new BlockRing(memory, geometry);
    }

    private static RingGeometry allocate(PacketSocket socket, RingGeometry wanted) {
        RingGeometry geometry = wanted;
        while (true) {
            try {
                socket.allocateRing(
                        geometry.blockBytes(),
                        geometry.blockCount(),
                        geometry.slotBytes(),
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

    /// Leaves out what this host sends; only outside of a fanout group.
    void ignoreOutgoing() {
        socket.ignoreOutgoing();
    }

    /// Binds to an interface, still deaf, and asks the device for what the options want.
    void bind(NetworkInterface target) {
        Memberships memberships = options.memberships();
        if (!target.isAny()) {
            if (memberships.promiscuous()) {
                socket.joinPromiscuous(target.index());
            }
            if (memberships.allMulticast()) {
                socket.joinAllMulticast(target.index());
            }
            for (MacAddress group : memberships.multicastGroups()) {
                socket.joinMulticast(target.index(), group);
            }
        }
        socket.bind(target);
    }

    /// Makes a new fanout group with this ring as its first member.
    ///
    /// @param program what says which member gets a packet, for modes that need one
    /// @return the group's id
    int createFanout(int typeAndFlags, FanoutProgram program) {
        int groupId = socket.createFanout(typeAndFlags);
        program.attachTo(socket);
        rollsOver = options.fanout().rollsOver();
        return groupId;
    }

    /// Joins a fanout group.
    void joinFanout(int groupId, int typeAndFlags) {
        socket.joinFanout(groupId, typeAndFlags);
        rollsOver = options.fanout().rollsOver();
    }

    /// Lets packets in that the filter accepts, cut to what it returns, from the next one on. Any
    /// thread.
    void listen(BpfProgram filter) {
        socket.attach(filter);
    }

    /// Makes the filter unchangeable.
    void lockFilter() {
        socket.lockFilter();
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
    public RingReader blocks() {
        return blocks;
    }

    @Override
    public boolean immediate() {
        return options.immediate();
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
    public RolloverStatistics rolloverStatistics() {
        return rollsOver ? socket.rolloverStatistics() : RolloverStatistics.NONE;
    }

    /// Does nothing where it is closed already.
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            wakeUp.close();
            socket.close();
        }
    }
}
