package dev.ringtail.consumer.export;

import dev.ringtail.pcap.libpcap.OfflineFilter;
import dev.ringtail.schema.PacketBatchReader;

import java.util.HashMap;
import java.util.Map;

/// The user's filter, compiled by libpcap for each link type that is met.
final class PacketFilters implements AutoCloseable {
    private final String filter;
    private final Map<Integer, OfflineFilter> compiled = new HashMap<>();

    /// @param filter in tcpdump's language, empty for none
    PacketFilters(String filter) {
        this.filter = filter;
    }

    /// Compiles the filter for a link type.
    ///
    /// @throws dev.ringtail.pcap.libpcap.FilterException if libpcap refuses it
    /// @throws dev.ringtail.pcap.libpcap.LibPcapMissingException without libpcap
    void prepare(int linkType) {
        if (!filter.isEmpty()) {
            compiled.computeIfAbsent(linkType, type -> OfflineFilter.compile(type, 0, filter));
        }
    }

    /// Whether a batch's present packet is wanted.
    boolean matches(PacketBatchReader packet) {
        if (filter.isEmpty()) {
            return true;
        }
        prepare(packet.linkType());
        OfflineFilter program = compiled.get(packet.linkType());
        return program != null
                && program.matches(
                        packet.array(),
                        packet.dataOffset(),
                        packet.dataLength(),
                        packet.originalLength(),
                        packet.timestampNs());
    }

    @Override
    public void close() {
        compiled.values().forEach(OfflineFilter::close);
    }
}
