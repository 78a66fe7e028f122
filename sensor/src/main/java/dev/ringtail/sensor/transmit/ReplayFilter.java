package dev.ringtail.sensor.transmit;

import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.pcap.libpcap.OfflineFilter;

import java.util.HashMap;
import java.util.Map;

/// A filter over the frames of a capture file, compiled for each link type that the file has.
final class ReplayFilter implements AutoCloseable {
    private final String filter;
    private final Map<Integer, OfflineFilter> byLinkType = new HashMap<>();

    /// @param filter tcpdump's language; empty for everything, which needs no libpcap
    ReplayFilter(String filter) {
        this.filter = filter;
    }

    /// Whether the reader's frame is wanted.
    ///
    /// @throws dev.ringtail.pcap.libpcap.FilterException where libpcap is missing or refuses the
    ///   filter
    boolean accepts(CaptureFileReader frame) {
        return filter.isBlank()
                || byLinkType
                        .computeIfAbsent(frame.linkType(), t -> OfflineFilter.compile(t, 0, filter))
                        .matches(
                                frame.data(),
                                frame.dataOffset(),
                                frame.dataLength(),
                                frame.originalLength(),
                                frame.timestampNs());
    }

    @Override
    public void close() {
        byLinkType.values().forEach(OfflineFilter::close);
    }
}
