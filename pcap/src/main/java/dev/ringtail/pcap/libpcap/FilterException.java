package dev.ringtail.pcap.libpcap;

/// A filter can't be made for an interface or a link type; the message says why and what to do.
public class FilterException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FilterException(String message) {
        super(message);
    }
}
