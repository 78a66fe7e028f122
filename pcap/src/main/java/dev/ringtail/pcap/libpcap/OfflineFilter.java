package dev.ringtail.pcap.libpcap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringtail.pcap.LinkType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A filter for packets that are in memory already, run by libpcap.
///
/// Used by one thread at a time; packets are copied into memory of its own, nothing is allocated
/// for one. Closing frees that memory and the program.
public final class OfflineFilter implements AutoCloseable {
    private static final long MAX_LENGTH = 0xffff_ffffL;

    private final boolean nullLink;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment program = arena.allocate(LibPcap.BPF_PROGRAM);
    private final MemorySegment header = arena.allocate(LibPcap.PCAP_PKTHDR);
    private MemorySegment packet = arena.allocate(PcapHandle.MAX_SNAP_LENGTH, Long.BYTES);

    private OfflineFilter(boolean nullLink) {
        this.nullLink = nullLink;
    }

    /// Compiles a filter.
    ///
    /// @param linkType `LINKTYPE_*` of all packets that it will see
    /// @param snapLength of those packets; 0 or less where it is unlimited or unknown
    /// @param filter as pcap-filter(7) has it; empty matches every packet
    /// @throws FilterSyntaxException when libpcap refuses the filter, or doesn't know the link type
    /// @throws LibPcapMissingException without libpcap
    public static OfflineFilter compile(int linkType, int snapLength, String filter) {
        try (PcapHandle handle = PcapHandle.openDead(linkType, snapLength)) {
            OfflineFilter compiled = new OfflineFilter(linkType == LinkType.NULL);
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
        if (nullLink && length >= Integer.BYTES) {
            bringFamilyToHostOrder();
        }
        header.set(JAVA_LONG, 0, Math.floorDiv(timestampNs, 1_000_000_000L));
        header.set(JAVA_LONG, 8, Math.floorMod(timestampNs, 1_000_000_000L) / 1000);
        header.set(JAVA_INT, 16, length);
        header.set(JAVA_INT, 20, (int) Math.min(originalLength, MAX_LENGTH));
        return LibPcap.pcap_offline_filter(program, header, packet) != 0;
    }

    /// The program expects the address family in this machine's byte order, and the packet has that
    /// of the machine that captured it; every family fits 16 bits.
    private void bringFamilyToHostOrder() {
        int family = packet.get(JAVA_INT, 0);
        if ((family & 0xffff0000) != 0) {
            packet.set(JAVA_INT, 0, Integer.reverseBytes(family));
        }
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            LibPcap.pcap_freecode(program);
            arena.close();
        }
    }
}
