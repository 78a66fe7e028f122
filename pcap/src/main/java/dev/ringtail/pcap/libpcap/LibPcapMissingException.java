package dev.ringtail.pcap.libpcap;

/// libpcap isn't installed here; the message names the package that brings it.
public final class LibPcapMissingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LibPcapMissingException(String message, Throwable cause) {
        super(message, cause);
    }
}
