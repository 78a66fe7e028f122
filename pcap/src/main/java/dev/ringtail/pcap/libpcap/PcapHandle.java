package dev.ringtail.pcap.libpcap;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ringtail.pcap.LinkType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A `pcap_t` that compiles filters; closed by its owner, one thread at a time.
final class PcapHandle implements AutoCloseable {
    /// libpcap's `MAXIMUM_SNAPLEN`; also what stands for "unlimited", since a length of 0 would
    /// make every program refuse every packet.
    static final int MAX_SNAP_LENGTH = 262_144;

    private static final Object COMPILE_LOCK = new Object();

    private final MemorySegment handle;

    private PcapHandle(MemorySegment handle) {
        this.handle = handle;
    }

    /// Opens a live capture on an interface of the calling thread's network namespace.
    ///
    /// @throws FilterException when libpcap can't capture there
    static PcapHandle openLive(String interfaceName, int snapLength) {
        LibPcapLoader.libpcap();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errbuf = arena.allocate(LibPcap.PCAP_ERRBUF_SIZE);
            MemorySegment created =
                    LibPcap.pcap_create(arena.allocateFrom(interfaceName, UTF_8), errbuf);
            if (created.address() == 0) {
                throw cannotOpen(interfaceName, errbuf.getString(0), "");
            }
            PcapHandle live = new PcapHandle(created);
            try {
                live.activate(interfaceName, snapLength);
                return live;
            } catch (FilterException e) {
                live.close();
                throw e;
            }
        }
    }

    /// Opens a handle for packets of a link type that come from elsewhere.
    ///
    /// @param linkType `LINKTYPE_*`
    static PcapHandle openDead(int linkType, int snapLength) {
        LibPcapLoader.libpcap();
        MemorySegment dead = LibPcap.pcap_open_dead(LinkType.toDlt(linkType), usable(snapLength));
        if (dead.address() == 0) {
            throw new FilterException("libpcap has no memory for a filter");
        }
        return new PcapHandle(dead);
    }

    private static int usable(int snapLength) {
        return snapLength <= 0 ? MAX_SNAP_LENGTH : snapLength;
    }

    private void activate(String interfaceName, int snapLength) {
        // Fails on an active handle only.
        LibPcap.pcap_set_snaplen(handle, usable(snapLength));
        int status = LibPcap.pcap_activate(handle);
        if (status < 0) {
            String detail = LibPcap.pcap_geterr(handle);
            String remedy =
                    switch (status) {
                        case LibPcap.PCAP_ERROR_PERM_DENIED -> "; grant CAP_NET_RAW";
                        case LibPcap.PCAP_ERROR_IFACE_NOT_UP ->
                                "; set it up (ip link set dev " + interfaceName + " up)";
                        case LibPcap.PCAP_ERROR_NO_SUCH_DEVICE -> "; see ip link";
                        default -> "";
                    };
            String reason = LibPcap.pcap_statustostr(status);
            throw cannotOpen(
                    interfaceName, detail.isEmpty() ? reason : reason + ": " + detail, remedy);
        }
    }

    private static FilterException cannotOpen(String interfaceName, String reason, String remedy) {
        return new FilterException(
                "can't compile a filter on interface %s: %s%s"
                        .formatted(interfaceName, reason, remedy));
    }

    /// The handle's `LINKTYPE_*`.
    int linkType() {
        return LinkType.fromDlt(LibPcap.pcap_datalink(handle));
    }

    /// Has an active handle deliver packets of another of its interface's link types.
    ///
    /// @param linkType `LINKTYPE_*`
    /// @throws FilterException where libpcap can't
    void useLinkType(int linkType) {
        if (LibPcap.pcap_set_datalink(handle, LinkType.toDlt(linkType)) != 0) {
            throw new FilterException(
                    "can't compile a filter for link type %s: %s"
                            .formatted(LinkType.name(linkType), LibPcap.pcap_geterr(handle)));
        }
    }

    /// Compiles and optimises a filter.
    ///
    /// @param program a zeroed [LibPcap#BPF_PROGRAM], to be freed by the caller afterwards
    /// @throws FilterSyntaxException when libpcap refuses it; there is nothing to free then
    void compile(String filter, MemorySegment program) {
        if (filter.indexOf('\0') >= 0) {
            throw new FilterSyntaxException(filter, "it holds a NUL character");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(filter, UTF_8);
            // The parser of libpcaps before 1.8 has global state.
            synchronized (COMPILE_LOCK) {
                int status =
                        LibPcap.pcap_compile(
                                handle, program, text, 1, LibPcap.PCAP_NETMASK_UNKNOWN);
                if (status != 0) {
                    throw new FilterSyntaxException(filter, LibPcap.pcap_geterr(handle));
                }
            }
        }
    }

    @Override
    public void close() {
        LibPcap.pcap_close(handle);
    }
}
