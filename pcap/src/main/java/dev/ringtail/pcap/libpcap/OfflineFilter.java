package dev.ringtail.pcap.libpcap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringtail.pcap.LinkType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A filter for packets that are in memory already, run by libpcap.
///
/// Used by one thread at a time; packets are copied into memory of its own, nothing is allocated
/// for one. Closing frees that memory and the program.
public final class OfflineFilter implements AutoCloseable {
    private static final long MAX_LENGTH = 0xffff_ffffL;
    private static final int LINUX_AF_INET6 = 10;
    private static final ValueLayout.OfInt NETWORK_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);

    private final int linkType;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment program = arena.allocate(LibPcap.BPF_PROGRAM);
    private final MemorySegment header = arena.allocate(LibPcap.PCAP_PKTHDR);
    private MemorySegment packet = arena.allocate(PcapHandle.MAX_SNAP_LENGTH, Long.BYTES);

    private OfflineFilter(int linkType) {
        this.linkType = linkType;
    }

    /// Compiles a filter.
    ///
    /// @param linkType `LINKTYPE_*` of all packets that it will see
    /// @param snapLength of those packets; 0 or less where it is unlimited or unknown
    /// @param filter as pcap-filter(7) has it; empty matches every packet
    /// @throws FilterSyntaxException when libpcap refuses the filter, doesn't know the link type,
    ///   or sees that no packet of that link type can match (`ip` on IPV6)
    /// @throws LibPcapMissingException without libpcap
    public static OfflineFilter compile(int linkType, int snapLength, String filter) {
        try (PcapHandle handle = PcapHandle.openDead(linkType, snapLength)) {
            OfflineFilter compiled = new OfflineFilter(linkType);
            try {
                handle.compile(filter, compiled.program);
                return compiled;
            } catch (FilterSyntaxException e) {
                compiled.arena.close();
                throw e;
            }
        }
    }

    /// Whether a packet matches.
    ///
    /// @param data array that holds the captured bytes from `offset` on
    /// @param length how many were captured
    /// @param originalLength length on the wire in bytes, which `len`, `less` and `greater` look at
    /// @param timestampNs capture time since the epoch; no filter looks at it yet
    public boolean matches(
            byte[] data, int offset, int length, long originalLength, long timestampNs) {
        if (length > packet.byteSize()) {
            packet = arena.allocate(Math.max(length, 2 * packet.byteSize()), Long.BYTES);
        }
        MemorySegment.copy(data, offset, packet, JAVA_BYTE, 0, length);
        if (length >= Integer.BYTES) {
            adaptLoopbackFamily();
        }
        header.set(JAVA_LONG, 0, Math.floorDiv(timestampNs, 1_000_000_000L));
        header.set(JAVA_LONG, 8, Math.floorMod(timestampNs, 1_000_000_000L) / 1000);
        header.set(JAVA_INT, 16, length);
        header.set(JAVA_INT, 20, (int) Math.min(originalLength, MAX_LENGTH));
        return LibPcap.pcap_offline_filter(program, header, packet) != 0;
    }

    /// Programs for loopback frames expect Linux's number for IPv6, in this machine's byte order
    /// (NULL) or the network's (LOOP); the packet has what the machine that captured it uses.
    /// libpcap adapts its programs to a file that it reads, but there is no file here.
    private void adaptLoopbackFamily() {
        if (linkType != LinkType.NULL && linkType != LinkType.LOOP) {
            return;
        }
        int family = packet.get(NETWORK_INT, 0);
        // Every family fits 16 bits, so this tells the byte order.
        if ((family & 0xffff0000) != 0) {
            family = Integer.reverseBytes(family);
        }
        int adapted =
                switch (family) {
                    // NetBSD and OpenBSD, FreeBSD, Darwin.
                    case 24, 28, 30 -> LINUX_AF_INET6;
                    default -> family;
                };
        packet.set(linkType == LinkType.NULL ? JAVA_INT : NETWORK_INT, 0, adapted);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            LibPcap.pcap_freecode(program);
            arena.close();
        }
    }
}
