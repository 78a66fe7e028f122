package dev.ringtail.pcap.file;

import java.io.IOException;

/// A capture file isn't one, is cut off or corrupt, or can't hold a value; the message says what is
/// wrong, where and what is allowed.
public final class CaptureFormatException extends IOException {
    private static final long serialVersionUID = 1;

    CaptureFormatException(String message) {
        super(message);
    }
}
