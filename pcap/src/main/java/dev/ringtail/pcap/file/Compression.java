package dev.ringtail.pcap.file;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;

/// How a capture file may be compressed, known by its first bytes.
enum Compression {
    GZIP("gzip"),
    ZSTD("zstd");

    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int ZSTD_MAGIC = 0x28b52ffd;

    /// Of a skippable frame, with which some writers begin; its first byte's low half is free.
    private static final int SKIPPABLE_MAGIC = 0x502a4d18;

    private final String text;

    Compression(String text) {
        this.text = text;
    }

    /// @param magic the first four bytes as a big-endian number
    /// @return null for anything else
    static @Nullable Compression of(int magic) {
        if (magic >>> 16 == GZIP_MAGIC) {
            return GZIP;
        }
        return magic == ZSTD_MAGIC || (magic & 0xf0ff_ffff) == SKIPPABLE_MAGIC ? ZSTD : null;
    }

    /// Returns the content of compressed data, a stream that closes theirs.
    DecompressedStream decompress(InputStream in) throws IOException {
        return switch (this) {
            case GZIP -> new GzipStream(in);
            case ZSTD -> new ZstdStream(in);
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
