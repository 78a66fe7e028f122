package dev.ringtail.consumer.export;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.libpcap.FilterException;
import dev.ringtail.pcap.libpcap.OfflineFilter;
import dev.ringtail.schema.PacketBatchReader;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// The user's filter, compiled by libpcap for each link type that is met.
///
/// There are filters that libpcap can't apply to every link type, and topics that many write to. A
/// packet that the filter can't be asked about is left out, and counted.
final class PacketFilters implements AutoCloseable {
    /// Of each kind of filter one takes it: by link layer, by network, by direction.
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

    /// Compiles the filter for a link type.
    ///
    /// @throws FilterException if libpcap refuses it for this one and for all that are usual: then
    ///   it is the filter that is wrong
    /// @throws dev.ringtail.pcap.libpcap.LibPcapMissingException without libpcap
    void prepare(int linkType) {
        if (filter.isEmpty() || compiled.containsKey(linkType) || refused.contains(linkType)) {
            return;
        }
        try {
            compile(linkType);
        } catch (FilterException e) {
            checkFilter(e);
            refused.add(linkType);
            err.accept(
                    "packets of link type %s are left out: %s"
                            .formatted(LinkType.name(linkType), e.getMessage()));
        }
    }

    /// Finds out, before anything is known to be captured, whether libpcap takes the filter for any
    /// usual link type.
    ///
    /// @throws FilterException if not
    void prepare() {
        if (!filter.isEmpty() && compiled.isEmpty()) {
            try {
                compile(LinkType.ETHERNET);
            } catch (FilterException e) {
                checkFilter(e);
            }
        }
    }

    private void checkFilter(FilterException refusal) {
        if (compiled.isEmpty() && USUAL.stream().noneMatch(this::takes)) {
            throw refusal;
        }
    }

    private boolean takes(int linkType) {
        try {
            compile(linkType);
            return true;
        } catch (FilterException e) {
            return false;
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
