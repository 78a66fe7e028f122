package dev.ringtail.consumer.export;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.libpcap.FilterException;
import dev.ringtail.pcap.libpcap.OfflineFilter;
import dev.ringtail.schema.PacketBatchReader;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The user's filter, compiled by libpcap for each link type that is met.
///
/// There are filters that libpcap can't apply to every link type, and topics that many write to. A
/// packet that the filter can't be asked about is left out, and counted.
final class PacketFilters implements AutoCloseable {
    /// What hosts capture: for each kind of filter that suits one of them, by link layer, network
    /// or direction, there is one that takes it.
    private static final List<Integer> USUAL =
            List.of(
                    LinkType.ETHERNET,
                    LinkType.RAW,
                    LinkType.LINUX_SLL2,
                    LinkType.LINUX_SLL,
                    LinkType.IEEE802_11,
                    LinkType.IEEE802_11_RADIOTAP,
                    LinkType.PPP);

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

    /// Compiles the filter for the link types of a range.
    ///
    /// @param linkTypes those that are known; none before anything is known to be captured
    /// @throws FilterException if libpcap refuses it for all of these and for all that are usual:
    ///   then it is the filter that is wrong
    /// @throws dev.ringtail.pcap.libpcap.LibPcapMissingException without libpcap
    void prepare(Collection<Integer> linkTypes) {
        if (filter.isEmpty()) {
            return;
        }
        if (compiled.isEmpty()) {
            compileForOne(Stream.concat(linkTypes.stream(), USUAL.stream()).toList());
        }
        linkTypes.forEach(this::prepare);
    }

    /// Compiles the filter for the first link type that it can be applied to.
    ///
    /// @throws FilterException what libpcap says of the first, if there is none
    private void compileForOne(List<Integer> linkTypes) {
        FilterException refusal = null;
        for (int linkType : linkTypes) {
            try {
                compile(linkType);
                return;
            } catch (FilterException e) {
                refusal = refusal == null ? e : refusal;
            }
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    private void prepare(int linkType) {
        if (compiled.containsKey(linkType) || refused.contains(linkType)) {
            return;
        }
        try {
            compile(linkType);
        } catch (FilterException e) {
            refused.add(linkType);
            err.accept(
                    "packets of link type %s are left out: %s"
                            .formatted(LinkType.name(linkType), e.getMessage()));
        }
    }

    private void compile(int linkType) {
        compiled.put(linkType, OfflineFilter.compile(linkType, 0, filter));
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
