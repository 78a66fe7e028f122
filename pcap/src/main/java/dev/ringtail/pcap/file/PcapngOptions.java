package dev.ringtail.pcap.file;

import static java.nio.charset.StandardCharsets.UTF_8;

/// Walks the options of the pcapng block that is in a [CaptureInput].
///
/// An option is a code and a length, 16 bits each, and the value padded to 32 bits. They end with
/// `opt_endofopt` or, where a writer left that out, with the block.
final class PcapngOptions {
    static final int END = 0;
    static final int COMMENT = 1;
    static final int SHB_HARDWARE = 2;
    static final int SHB_OS = 3;
    static final int SHB_USERAPPL = 4;
    static final int IF_NAME = 2;
    static final int IF_DESCRIPTION = 3;
    static final int IF_TSRESOL = 9;
    static final int IF_FILTER = 11;
    static final int IF_TSOFFSET = 14;
    static final int EPB_FLAGS = 2;
    static final int ISB_IFRECV = 4;
    static final int ISB_IFDROP = 5;
    static final int ISB_OSDROP = 7;

    private static final int HEADER_LENGTH = 4;

    private final CaptureInput input;
    private final int end;
    private int nextAt;
    private int code;
    private int valueAt;
    private int length;
    private boolean malformed;

    /// @param at index of the first option
    /// @param end index after the last one
    PcapngOptions(CaptureInput input, int at, int end) {
        this.input = input;
        this.nextAt = at;
        this.end = end;
    }

    /// Moves to the next option; false where there is none, or none that is whole.
    boolean next() {
        if (end - nextAt < HEADER_LENGTH) {
            return false;
        }
        code = input.u16(nextAt);
        length = input.u16(nextAt + 2);
        valueAt = nextAt + HEADER_LENGTH;
        if (code == END) {
            return false;
        }
        if (length > end - valueAt) {
            malformed = true;
            return false;
        }
        nextAt = valueAt + length + (-length & 3);
        return true;
    }

    int code() {
        return code;
    }

    /// Index of the value's first byte.
    int valueAt() {
        return valueAt;
    }

    int length() {
        return length;
    }

    /// The value as text; some writers end it with a NUL, which is left out.
    String text() {
        int textLength = length;
        while (textLength > 0 && input.u8(valueAt + textLength - 1) == 0) {
            textLength--;
        }
        return new String(input.bytes(), valueAt, textLength, UTF_8);
    }

    /// Whether the walk ended at an option that is longer than the block.
    boolean malformed() {
        return malformed;
    }
}
