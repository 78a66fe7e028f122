package dev.ringtail.pcap.libpcap;

/// libpcap refuses a filter: it can't be parsed, or asks what the link type can't answer. The
/// message has the filter's text and libpcap's own words.
///
/// @see <a href="https://www.tcpdump.org/manpages/pcap-filter.7.html">pcap-filter(7)</a>
public final class FilterSyntaxException extends FilterException {
    private static final long serialVersionUID = 1;

    private final String filter;

    FilterSyntaxException(String filter, String problem) {
        super(
                "filter \"%s\": %s (the language is that of pcap-filter(7))"
                        .formatted(filter, problem));
        this.filter = filter;
    }

    /// The filter as it was given.
    public String filter() {
        return filter;
    }
}
