package dev.ringtail.sensor.linux;

import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
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
        return open(libc, false);
    }

    /// Opens a packet socket that receives nothing yet.
    ///
    /// @param cooked whether packets come without their link header (SOCK_DGRAM)
    /// @throws MissingCapabilityException without CAP_NET_RAW
    public static PacketSocket open(LibC libc, boolean cooked) {
        String call = cooked ? "socket(AF_PACKET, SOCK_DGRAM)" : "socket(AF_PACKET, SOCK_RAW)";
        int type = cooked ? PacketConstants.SOCK_DGRAM : PacketConstants.SOCK_RAW;
        int fd = libc.socket(PacketConstants.AF_PACKET, type | PacketConstants.SOCK_CLOEXEC, 0);
        if (Errno.EPERM.is(fd) || Errno.EACCES.is(fd)) {
            throw new MissingCapabilityException(
                    call, -fd, MissingCapabilityException.NET_RAW_REMEDY);
        }
        return new PacketSocket(libc, check(fd, call, ""));
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

    /// PACKET_VERSION: TPACKET_V2. Before the ring.
    public void useTpacketV2() {
        setPacketOption(
                PacketConstants.PACKET_VERSION, PacketConstants.TPACKET_V2, "PACKET_VERSION");
    }

    /// PACKET_RESERVE: leaves room before each packet in the ring. Before the ring.
    public void reserve(int bytes) {
        setPacketOption(PacketConstants.PACKET_RESERVE, bytes, "PACKET_RESERVE");
    }

    /// PACKET_QDISC_BYPASS: what is sent goes to the device at once, past the queueing discipline
    /// and past the taps of this machine.
    public void bypassQdisc() {
        setPacketOption(PacketConstants.PACKET_QDISC_BYPASS, 1, "PACKET_QDISC_BYPASS");
    }

    /// SO_TIMESTAMPNS: packets are stamped when they are received, and every tap sees the same
    /// time; but for those that a TCP socket of this machine has sent, which the taps stamp.
    public void stampAtReceive() {
        setIntOption(
                PacketConstants.SOL_SOCKET, PacketConstants.SO_TIMESTAMPNS, 1, "SO_TIMESTAMPNS");
    }

    /// PACKET_TIMESTAMP with SOF_TIMESTAMPING_RAW_HARDWARE: the device's stamp, where it made one;
    /// else the packet keeps the one it has (`tpacket_get_timestamp`). The device has to be told to
    /// make them by other means (SIOCSHWTSTAMP).
    public void stampByHardware() {
        setPacketOption(
                PacketConstants.PACKET_TIMESTAMP,
                PacketConstants.SOF_TIMESTAMPING_RAW_HARDWARE,
                "PACKET_TIMESTAMP, RAW_HARDWARE");
    }

    /// PACKET_IGNORE_OUTGOING: what this host sends is not even looked at. Works for a socket that
    /// is in no fanout group; a kernel before 4.20 does not have it, and nothing happens.
    public void ignoreOutgoing() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment on = arena.allocateFrom(JAVA_INT, 1);
            int result =
                    libc.setsockopt(
                            fd,
                            PacketConstants.SOL_PACKET,
                            PacketConstants.PACKET_IGNORE_OUTGOING,
                            on,
                            Integer.BYTES);
            if (!Errno.ENOPROTOOPT.is(result)) {
                check(result, "setsockopt(PACKET_IGNORE_OUTGOING)", "");
            }
        }
    }

    /// PACKET_COPY_THRESH: of a packet that is larger than a V2 slot, the whole is put into the
    /// socket's queue as well, for [#receive]. Raises the queue's bound (SO_RCVBUFFORCE, or without
    /// CAP_NET_ADMIN SO_RCVBUF, which net.core.rmem_max limits).
    ///
    /// @param queueBytes for so many bytes the queue has room
    public void queueOversized(int queueBytes) {
        setPacketOption(PacketConstants.PACKET_COPY_THRESH, 1, "PACKET_COPY_THRESH");
        try (Arena arena = Arena.ofConfined()) {
            int forced =
                    libc.setsockopt(
                            fd,
                            PacketConstants.SOL_SOCKET,
                            PacketConstants.SO_RCVBUFFORCE,
                            arena.allocateFrom(JAVA_INT, queueBytes),
                            Integer.BYTES);
            if (!Errno.EPERM.is(forced)) {
                check(forced, "setsockopt(SO_RCVBUFFORCE)", "");
                return;
            }
        }
        setIntOption(
                PacketConstants.SOL_SOCKET, PacketConstants.SO_RCVBUF, queueBytes, "SO_RCVBUF");
    }

    /// Takes the next packet out of the socket's queue, cut to the buffer; never waits.
    ///
    /// @return bytes of the packet, which may be more than were put into the buffer, or -1 where
    ///   the queue is empty
    public long receive(MemorySegment buffer) {
        long result = tryReceive(buffer);
        if (Errno.ENETDOWN.is(result)) {
            // The interface went down meanwhile. This call has told it and so cleared it; what is
            // in
            // the queue comes with the next.
            result = tryReceive(buffer);
        }
        return Errno.EAGAIN.is(result) ? -1 : check(result, "recv(AF_PACKET)", "");
    }

    private long tryReceive(MemorySegment buffer) {
        return libc.recv(
                fd,
                buffer,
                buffer.byteSize(),
                PacketConstants.MSG_DONTWAIT | PacketConstants.MSG_TRUNC);
    }

    /// PACKET_RX_RING: has the kernel allocate the ring of the version that was chosen.
    ///
    /// @param blockBytes bytes of a block
    /// @param frameBytes a slot of a V2 ring; V3 uses it for its sanity checks alone
    /// @param blockTimeoutMs after this the kernel hands over a V3 block that is not full
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
        setProgram(
                PacketConstants.SOL_SOCKET,
                PacketConstants.SO_ATTACH_FILTER,
                program,
                "SO_ATTACH_FILTER",
                "ENOMEM means the program is longer than net.core.optmem_max allows, EPERM that the"
                        + " filter is locked");
    }

    /// SO_LOCK_FILTER: from here on nobody can replace the filter, take it off or unlock it
    /// (`sk_setsockopt`), nor set a classic program for the fanout group through this socket.
    public void lockFilter() {
        setIntOption(
                PacketConstants.SOL_SOCKET, PacketConstants.SO_LOCK_FILTER, 1, "SO_LOCK_FILTER");
    }

    private void setProgram(int level, int name, BpfProgram program, String text, String remedy) {
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
                    level,
                    name,
                    fprog,
                    "setsockopt(%s, %d instructions)".formatted(text, instructions.size()),
                    remedy);
        }
    }

    /// PACKET_ADD_MEMBERSHIP with PACKET_MR_PROMISC: counted by the kernel and undone at close.
    public void joinPromiscuous(int interfaceIndex) {
        join(interfaceIndex, PacketConstants.PACKET_MR_PROMISC, 0, 0, "promiscuous");
    }

    /// PACKET_ADD_MEMBERSHIP with PACKET_MR_ALLMULTI: every multicast frame; counted by the kernel
    /// and undone at close.
    public void joinAllMulticast(int interfaceIndex) {
        join(interfaceIndex, PacketConstants.PACKET_MR_ALLMULTI, 0, 0, "all multicast");
    }

    /// PACKET_ADD_MEMBERSHIP with PACKET_MR_MULTICAST: frames to one group; counted by the kernel
    /// and undone at close.
    public void joinMulticast(int interfaceIndex, MacAddress group) {
        join(
                interfaceIndex,
                PacketConstants.PACKET_MR_MULTICAST,
                MacAddress.BYTES,
                group.value(),
                "multicast " + group);
    }

    private void join(int interfaceIndex, int type, int addressBytes, long address, String text) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(Structs.PACKET_MREQ);
            putInt(request, Structs.PACKET_MREQ, "mr_ifindex", interfaceIndex);
            request.set(JAVA_SHORT, offsetOf(Structs.PACKET_MREQ, "mr_type"), (short) type);
            request.set(JAVA_SHORT, offsetOf(Structs.PACKET_MREQ, "mr_alen"), (short) addressBytes);
            long at = offsetOf(Structs.PACKET_MREQ, "mr_address");
            for (int i = 0; i < addressBytes; i++) {
                byte octet = (byte) (address >>> Byte.SIZE * (addressBytes - 1 - i));
                request.set(JAVA_BYTE, at + i, octet);
            }
            setOption(
                    PacketConstants.SOL_PACKET,
                    PacketConstants.PACKET_ADD_MEMBERSHIP,
                    request,
                    "setsockopt(PACKET_ADD_MEMBERSHIP, " + text + ")",
                    "the interface can't do it; switch it off");
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

    /// Makes a new fanout group and joins it; its id is chosen by the kernel so that no other
    /// process shares it (PACKET_FANOUT_FLAG_UNIQUEID, since Linux 4.12).
    ///
    /// @param typeAndFlags PACKET_FANOUT_* of all members
    /// @return the group's id, for [#joinFanout]
    public int createFanout(int typeAndFlags) {
        setPacketOption(
                PacketConstants.PACKET_FANOUT,
                (typeAndFlags | PacketConstants.PACKET_FANOUT_FLAG_UNIQUEID) << 16,
                "PACKET_FANOUT, 0x%x, new id".formatted(typeAndFlags));
        return getIntOption(
                        PacketConstants.SOL_PACKET, PacketConstants.PACKET_FANOUT, "PACKET_FANOUT")
                & 0xffff;
    }

    /// Joins the group of [#createFanout].
    ///
    /// @param typeAndFlags the same as the group's, else it is EINVAL, as it is where the interface
    ///   differs
    public void joinFanout(int groupId, int typeAndFlags) {
        setPacketOption(
                PacketConstants.PACKET_FANOUT,
                groupId | typeAndFlags << 16,
                "PACKET_FANOUT, 0x%x, id %d".formatted(typeAndFlags, groupId));
    }

    /// PACKET_FANOUT_DATA of a group of type PACKET_FANOUT_CBPF: the program's value, modulo the
    /// count of members, is the member that gets a packet. On any member, once joined.
    public void spreadBy(BpfProgram program) {
        setProgram(
                PacketConstants.SOL_PACKET,
                PacketConstants.PACKET_FANOUT_DATA,
                program,
                "PACKET_FANOUT_DATA",
                "EPERM means the socket's filter is locked");
    }

    /// PACKET_FANOUT_DATA of a group of type PACKET_FANOUT_EBPF, as [#spreadBy(BpfProgram)].
    public void spreadBy(PinnedProgram program) {
        setIntOption(
                PacketConstants.SOL_PACKET,
                PacketConstants.PACKET_FANOUT_DATA,
                program.fd(),
                "PACKET_FANOUT_DATA, eBPF program",
                "EINVAL means the program's type is not socket_filter");
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

    /// PACKET_ROLLOVER_STATS: the counts since the socket joined. Only in a group that rolls over.
    public RolloverStatistics rolloverStatistics() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(Structs.TPACKET_ROLLOVER_STATS);
            getOption(
                    PacketConstants.SOL_PACKET,
                    PacketConstants.PACKET_ROLLOVER_STATS,
                    value,
                    "PACKET_ROLLOVER_STATS",
                    arena);
            return new RolloverStatistics(
                    value.get(JAVA_LONG, 0), value.get(JAVA_LONG, 8), value.get(JAVA_LONG, 16));
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
        setIntOption(level, name, value, text, "");
    }

    private void setIntOption(int level, int name, int value, String text, String remedy) {
        try (Arena arena = Arena.ofConfined()) {
            setOption(
                    level,
                    name,
                    arena.allocateFrom(JAVA_INT, value),
                    "setsockopt(" + text + ")",
                    remedy);
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
