package dev.ringtail.pcap.file;

import java.io.IOException;

/// Compressed data are cut off or corrupt; the message says in which way.
final class CompressedDataException extends IOException {
    private static final long serialVersionUID = 1;

    CompressedDataException(String message) {
        super(message);
    }
}
