package dev.ringtail.consumer.export;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.libpcap.FilterException;
import dev.ringtail.pcap.libpcap.OfflineFilter;
import dev.ringtail.schema.PacketBatchReader;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// The user's filter, compiled by libpcap for each link type that is met.
///
/// There are filters that libpcap can't apply to every link type, and topics that many write to. A
/// packet that the filter can't be asked about is left out, and counted.
final class PacketFilters implements AutoCloseable {
    private final String filter;
    private final Consumer<String> err;
    private final Map<Integer, OfflineFilter> compiled = new HashMap<>();
    private final Set<Integer> refused = new HashSet<>();
    private long leftOut;

    /// @param filter in tcpdump's language, empty for none
    /// @param err told of each link type that the filter can't be applied to
    PacketFilters(String filter, Consumer<String> err) {
        this.filter = filter;
        this.err = err;
    }

    /// Compiles the filter for a link type.
    ///
    /// @throws FilterException if libpcap refuses it for this one, for Ethernet, and for those
    ///   before: then it is the filter that is wrong
    /// @throws dev.ringtail.pcap.libpcap.LibPcapMissingException without libpcap
    void prepare(int linkType) {
        if (filter.isEmpty() || compiled.containsKey(linkType) || refused.contains(linkType)) {
            return;
        }
        try {
            compile(linkType);
        } catch (FilterException e) {
            if (compiled.isEmpty()) {
                compileOrThrow(LinkType.ETHERNET, e);
            }
            refused.add(linkType);
            err.accept(
                    "packets of link type %s are left out: %s"
                            .formatted(LinkType.name(linkType), e.getMessage()));
        }
    }

    private void compile(int linkType) {
        compiled.put(linkType, OfflineFilter.compile(linkType, 0, filter));
    }

    private void compileOrThrow(int linkType, FilterException earlier) {
        try {
            compile(linkType);
        } catch (FilterException e) {
            earlier.addSuppressed(e);
            throw earlier;
        }
    }

    /// Whether a batch's present packet is wanted.
    boolean matches(PacketBatchReader packet) {
        if (filter.isEmpty()) {
            return true;
        }
        prepare(packet.linkType());
        OfflineFilter program = compiled.get(packet.linkType());
        if (program == null) {
            leftOut++;
            return false;
        }
        return program.matches(
                packet.array(),
                packet.dataOffset(),
                packet.dataLength(),
                packet.originalLength(),
                packet.timestampNs());
    }

    /// Packets so far that the filter could not be asked about.
    long leftOut() {
        return leftOut;
    }

    @Override
    public void close() {
        compiled.values().forEach(OfflineFilter::close);
    }
}
