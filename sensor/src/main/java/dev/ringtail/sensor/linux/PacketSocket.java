package dev.ringtail.sensor.linux;

import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringtail.pcap.libpcap.BpfInstruction;
import dev.ringtail.pcap.libpcap.BpfProgram;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;

/// An AF_PACKET socket ([packet(7)](https://man7.org/linux/man-pages/man7/packet.7.html)), one
/// method a step, each failure reported with its call, errno and remedy.
///
/// The socket is opened with protocol 0, so that nothing arrives before [#bind]: opened with
/// ETH_P_ALL it would receive from every interface until then. The caller keeps the order that the
/// kernel wants: version, filter, ring, map, membership, bind, fanout. Not for several threads at
/// once, but for [#attach], which the kernel serialises itself.
public final class PacketSocket implements AutoCloseable {
    private final LibC libc;
    private final int fd;

    private PacketSocket(LibC libc, int fd) {
        this.libc = libc;
        this.fd = fd;
    }

    /// Opens a raw packet socket that receives nothing yet.
    ///
    /// @throws MissingCapabilityException without CAP_NET_RAW
    public static PacketSocket open(LibC libc) {
        int fd =
                libc.socket(
                        PacketConstants.AF_PACKET,
                        PacketConstants.SOCK_RAW | PacketConstants.SOCK_CLOEXEC,
                        0);
        if (Errno.EPERM.is(fd) || Errno.EACCES.is(fd)) {
            throw new MissingCapabilityException(
                    "socket(AF_PACKET, SOCK_RAW)", -fd, MissingCapabilityException.NET_RAW_REMEDY);
        }
        return new PacketSocket(libc, check(fd, "socket(AF_PACKET, SOCK_RAW)", ""));
    }

    /// Makes sure that this thread may open packet sockets.
    ///
    /// @throws MissingCapabilityException without CAP_NET_RAW
    public static void checkAllowed(LibC libc) {
        open(libc).close();
    }

    /// File descriptor, for poll(2).
    public int fd() {
        return fd;
    }

    /// PACKET_VERSION: TPACKET_V3. Before the ring.
    public void useTpacketV3() {
        setPacketOption(
                PacketConstants.PACKET_VERSION, PacketConstants.TPACKET_V3, "PACKET_VERSION");
    }

    /// PACKET_VERSION: TPACKET_V2, the one for transmit rings. Before the ring.
    public void useTpacketV2() {
        setPacketOption(
                PacketConstants.PACKET_VERSION, PacketConstants.TPACKET_V2, "PACKET_VERSION");
    }

    /// PACKET_QDISC_BYPASS: what is sent goes to the device at once, past the queueing discipline
    /// and past the taps of this machine.
    public void bypassQdisc() {
        setPacketOption(PacketConstants.PACKET_QDISC_BYPASS, 1, "PACKET_QDISC_BYPASS");
    }

    /// SO_TIMESTAMPNS: packets are stamped when they are received, and every tap sees the same
    /// time.
    public void stampAtReceive() {
        setIntOption(
                PacketConstants.SOL_SOCKET, PacketConstants.SO_TIMESTAMPNS, 1, "SO_TIMESTAMPNS");
    }

    /// PACKET_RX_RING: has the kernel allocate a V3 ring.
    ///
    /// @param blockBytes bytes of a block
    /// @param frameBytes the nominal frame, which V3 uses for its sanity checks alone
    /// @param blockTimeoutMs after this the kernel hands over a block that is not full
    public void allocateRing(int blockBytes, int blockCount, int frameBytes, int blockTimeoutMs) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(Structs.TPACKET_REQ3);
            putInt(request, Structs.TPACKET_REQ3, "tp_block_size", blockBytes);
            putInt(request, Structs.TPACKET_REQ3, "tp_block_nr", blockCount);
            putInt(request, Structs.TPACKET_REQ3, "tp_frame_size", frameBytes);
            putInt(
                    request,
                    Structs.TPACKET_REQ3,
                    "tp_frame_nr",
                    Math.multiplyExact(blockBytes / frameBytes, blockCount));
            putInt(request, Structs.TPACKET_REQ3, "tp_retire_blk_tov", blockTimeoutMs);
            setOption(
                    PacketConstants.SOL_PACKET,
                    PacketConstants.PACKET_RX_RING,
                    request,
                    "setsockopt(PACKET_RX_RING, %d blocks of %d bytes)"
                            .formatted(blockCount, blockBytes),
                    "use a smaller ring (ring.blockCount)");
        }
    }

    /// PACKET_TX_RING: has the kernel allocate a V2 ring to send from.
    ///
    /// @param blockBytes bytes of a block, a multiple of slotBytes
    /// @param slotBytes bytes of a slot, which holds one frame (`tp_frame_size`)
    public void allocateTransmitRing(int blockBytes, int blockCount, int slotBytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(Structs.TPACKET_REQ);
            putInt(request, Structs.TPACKET_REQ, "tp_block_size", blockBytes);
            putInt(request, Structs.TPACKET_REQ, "tp_block_nr", blockCount);
            putInt(request, Structs.TPACKET_REQ, "tp_frame_size", slotBytes);
            putInt(
                    request,
                    Structs.TPACKET_REQ,
                    "tp_frame_nr",
                    Math.multiplyExact(blockBytes / slotBytes, blockCount));
            setOption(
                    PacketConstants.SOL_PACKET,
                    PacketConstants.PACKET_TX_RING,
                    request,
                    "setsockopt(PACKET_TX_RING, %d blocks of %d bytes)"
                            .formatted(blockCount, blockBytes),
                    "");
        }
    }

    /// Has the kernel send what the transmit ring holds; does not wait.
    ///
    /// @return the bytes of the frames that it took, or a negated errno
    public long transmit() {
        return libc.send(fd, MemorySegment.NULL, 0, PacketConstants.MSG_DONTWAIT);
    }

    /// Sends one frame past any ring, through the queueing discipline.
    public void send(byte[] frame) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocateFrom(JAVA_BYTE, frame);
            check(
                    libc.send(fd, buffer, frame.length, 0),
                    "send(frame of %d bytes)".formatted(frame.length),
                    "");
        }
    }

    /// Waits for a packet at a socket without a ring.
    ///
    /// @return whether one is there
    public boolean awaitPacket(int timeoutMs) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pollFd = arena.allocate(Structs.POLLFD);
            pollFd.set(JAVA_INT, 0, fd);
            pollFd.set(JAVA_SHORT, offsetOf(Structs.POLLFD, "events"), PacketConstants.POLLIN);
            libc.poll(pollFd, 1, timeoutMs);
            int events = pollFd.get(JAVA_SHORT, offsetOf(Structs.POLLFD, "revents"));
            return (events & PacketConstants.POLLIN) != 0;
        }
    }

    /// Maps the ring. Closing the arena unmaps it, which must come before [#close]: a mapping keeps
    /// a closed socket alive in its fanout group, where it swallows packets.
    ///
    /// @param lengthBytes exactly block bytes times block count
    public MemorySegment mapRing(long lengthBytes, Arena arena) {
        String call = "mmap(ring of %d bytes)".formatted(lengthBytes);
        long address =
                check(
                        libc.mmap(
                                0,
                                lengthBytes,
                                PacketConstants.PROT_READ | PacketConstants.PROT_WRITE,
                                PacketConstants.MAP_SHARED,
                                fd,
                                0),
                        call,
                        "use a smaller ring (ring.blockCount)");
        return MemorySegment.ofAddress(address)
                .reinterpret(lengthBytes, arena, ring -> libc.munmap(ring.address(), lengthBytes));
    }

    /// SO_ATTACH_FILTER: only packets that the program accepts get into the ring, cut to what it
    /// returns. Replaces the filter before it; packets already in the ring stay.
    public void attach(BpfProgram program) {
        List<BpfInstruction> instructions = program.instructions();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment filter = arena.allocate(Structs.SOCK_FILTER, instructions.size());
            for (int i = 0; i < instructions.size(); i++) {
                BpfInstruction instruction = instructions.get(i);
                long at = i * Structs.SOCK_FILTER.byteSize();
                filter.set(JAVA_SHORT, at, (short) instruction.code());
                filter.set(JAVA_BYTE, at + 2, (byte) instruction.jt());
                filter.set(JAVA_BYTE, at + 3, (byte) instruction.jf());
                filter.set(JAVA_INT, at + 4, instruction.k());
            }
            MemorySegment fprog = arena.allocate(Structs.SOCK_FPROG);
            fprog.set(JAVA_SHORT, 0, (short) instructions.size());
            fprog.set(ADDRESS, offsetOf(Structs.SOCK_FPROG, "filter"), filter);
            setOption(
                    PacketConstants.SOL_SOCKET,
                    PacketConstants.SO_ATTACH_FILTER,
                    fprog,
                    "setsockopt(SO_ATTACH_FILTER, %d instructions)".formatted(instructions.size()),
                    "ENOMEM means the program is longer than net.core.optmem_max allows");
        }
    }

    /// PACKET_ADD_MEMBERSHIP with PACKET_MR_PROMISC: counted by the kernel and undone at close.
    public void joinPromiscuous(int interfaceIndex) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(Structs.PACKET_MREQ);
            putInt(request, Structs.PACKET_MREQ, "mr_ifindex", interfaceIndex);
            request.set(
                    JAVA_SHORT,
                    offsetOf(Structs.PACKET_MREQ, "mr_type"),
                    (short) PacketConstants.PACKET_MR_PROMISC);
            setOption(
                    PacketConstants.SOL_PACKET,
                    PacketConstants.PACKET_ADD_MEMBERSHIP,
                    request,
                    "setsockopt(PACKET_ADD_MEMBERSHIP, promiscuous)",
                    "switch promiscuous mode off");
        }
    }

    /// Binds to an interface and all protocols: from here on packets arrive.
    ///
    /// @throws SyscallException also where the interface is down (ENETDOWN)
    public void bind(NetworkInterface target) {
        bind(target, PacketConstants.ETH_P_ALL);
    }

    /// Binds to an interface for sending alone: with protocol 0 nothing arrives.
    public void bindToSend(NetworkInterface target) {
        bind(target, 0);
    }

    private void bind(NetworkInterface target, int protocol) {
        String call = "bind(AF_PACKET, interface %s)".formatted(target.name());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(Structs.SOCKADDR_LL);
            address.set(JAVA_SHORT, 0, (short) PacketConstants.AF_PACKET);
            address.set(
                    JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN),
                    offsetOf(Structs.SOCKADDR_LL, "sll_protocol"),
                    (short) protocol);
            putInt(address, Structs.SOCKADDR_LL, "sll_ifindex", target.index());
            check(
                    libc.bind(fd, address, (int) address.byteSize()),
                    call,
                    "is the interface still there?");
        }
        int pending = takeError();
        if (pending != 0) {
            throw new SyscallException(
                    call, pending, "bring it up: ip link set %s up".formatted(target.name()));
        }
    }

    /// Makes a new fanout group that spreads packets by flow, and joins it; its id is chosen by the
    /// kernel so that no other process shares it.
    ///
    /// @return the group's id, for [#joinFanout]
    public int createFanout() {
        setPacketOption(
                PacketConstants.PACKET_FANOUT,
                (PacketConstants.PACKET_FANOUT_HASH | PacketConstants.PACKET_FANOUT_FLAG_UNIQUEID)
                        << 16,
                "PACKET_FANOUT, HASH|UNIQUEID");
        return getIntOption(
                        PacketConstants.SOL_PACKET, PacketConstants.PACKET_FANOUT, "PACKET_FANOUT")
                & 0xffff;
    }

    /// Joins the group of [#createFanout].
    public void joinFanout(int groupId) {
        setPacketOption(
                PacketConstants.PACKET_FANOUT,
                groupId | PacketConstants.PACKET_FANOUT_HASH << 16,
                "PACKET_FANOUT, HASH, id " + groupId);
    }

    /// SO_ERROR: the error that waits at the socket, 0 for none; reading it clears it.
    public int takeError() {
        return getIntOption(PacketConstants.SOL_SOCKET, PacketConstants.SO_ERROR, "SO_ERROR");
    }

    /// PACKET_STATISTICS: the counts since the last call, which the kernel resets.
    public RingStatistics takeStatistics() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(Structs.TPACKET_STATS_V3);
            getOption(
                    PacketConstants.SOL_PACKET,
                    PacketConstants.PACKET_STATISTICS,
                    value,
                    "PACKET_STATISTICS",
                    arena);
            return new RingStatistics(
                    Integer.toUnsignedLong(value.get(JAVA_INT, 0)),
                    Integer.toUnsignedLong(value.get(JAVA_INT, 4)),
                    Integer.toUnsignedLong(value.get(JAVA_INT, 8)));
        }
    }

    /// Closes the descriptor. The ring must be unmapped already.
    @Override
    public void close() {
        libc.close(fd);
    }

    private void setPacketOption(int name, int value, String text) {
        setIntOption(PacketConstants.SOL_PACKET, name, value, text);
    }

    private void setIntOption(int level, int name, int value, String text) {
        try (Arena arena = Arena.ofConfined()) {
            setOption(
                    level,
                    name,
                    arena.allocateFrom(JAVA_INT, value),
                    "setsockopt(" + text + ")",
                    "");
        }
    }

    private void setOption(int level, int name, MemorySegment value, String call, String remedy) {
        check(libc.setsockopt(fd, level, name, value, (int) value.byteSize()), call, remedy);
    }

    private int getIntOption(int level, int name, String text) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            getOption(level, name, value, text, arena);
            return value.get(JAVA_INT, 0);
        }
    }

    private void getOption(int level, int name, MemorySegment value, String text, Arena arena) {
        MemorySegment length = arena.allocateFrom(JAVA_INT, (int) value.byteSize());
        check(libc.getsockopt(fd, level, name, value, length), "getsockopt(" + text + ")", "");
    }

    private static void putInt(
            MemorySegment struct, java.lang.foreign.StructLayout layout, String member, int value) {
        struct.set(JAVA_INT, offsetOf(layout, member), value);
    }

    private static int check(int result, String call, String remedy) {
        return (int) check((long) result, call, remedy);
    }

    private static long check(long result, String call, String remedy) {
        if (result < 0) {
            throw new SyscallException(call, (int) -result, remedy);
        }
        return result;
    }
}
