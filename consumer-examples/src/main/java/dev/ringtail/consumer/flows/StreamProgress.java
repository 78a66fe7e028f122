package dev.ringtail.consumer.flows;

import java.nio.ByteBuffer;

/// How far one stream of packet numbers (session, lane, partition) has been read.
///
/// As bytes, big-endian: format 1, latest capture time 8, then the ranges of [SeenNumbers].
///
/// @param latestNs latest capture time of the stream's packets
/// @param seen the packet numbers that were counted; changed in place
record StreamProgress(long latestNs, SeenNumbers seen) {
    private static final byte FORMAT = 1;
    private static final int HEADER_BYTES = 1 + Long.BYTES;

    /// Key of a stream in the state store. The numbers come first, so that no session id can be
    /// mistaken for another stream.
    static String key(String sessionId, int lane, int partition) {
        return lane + "/" + partition + "/" + sessionId;
    }

    /// The progress as bytes, in the layout above.
    byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + seen.byteCount());
        seen.write(out.put(FORMAT).putLong(latestNs));
        return out.array();
    }

    /// Reads what [#toBytes] wrote.
    ///
    /// @throws IllegalStateException if the bytes are of another format
    static StreamProgress fromBytes(byte[] bytes) {
        if (bytes.length < HEADER_BYTES || bytes[0] != FORMAT) {
            throw new IllegalStateException(
                    "stored stream of %d bytes is not of format %d"
                            .formatted(bytes.length, FORMAT));
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        return new StreamProgress(in.getLong(), SeenNumbers.read(in));
    }
}
