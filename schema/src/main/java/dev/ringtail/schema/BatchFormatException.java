package dev.ringtail.schema;

import org.jspecify.annotations.Nullable;

/// Bytes that are no legal encoding of a Ringtail record: truncated, corrupt, or of a schema that
/// nobody knows. The message says what is wrong and at which byte of the value.
public final class BatchFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long byteOffset;

    /// @param problem what is wrong, with the value found and what is allowed
    /// @param byteOffset where in the record's value, counted from 0
    public BatchFormatException(String problem, long byteOffset) {
        this(problem, byteOffset, null);
    }

    /// As above, with the fault below it.
    public BatchFormatException(String problem, long byteOffset, @Nullable Throwable cause) {
        super(problem + " (at byte " + byteOffset + ")", cause);
        this.byteOffset = byteOffset;
    }

    /// Where in the record's value the fault was found, counted from 0.
    public long byteOffset() {
        return byteOffset;
    }
}
