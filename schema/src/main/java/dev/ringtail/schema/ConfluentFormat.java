package dev.ringtail.schema;

import java.nio.ByteBuffer;

/// The wire format of Confluent's serializers: the schema goes by its id in a schema registry.
///
/// ```text
///   0    1                 5
///   | 00 | schema id, BE   | Avro binary
/// ```
///
/// @see <a
///   href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format">Confluent's
///   wire format</a>
public final class ConfluentFormat {
    /// Bytes before the Avro data: the magic byte and the id.
    public static final int HEADER_LENGTH = 5;

    private static final byte MAGIC = 0;

    private ConfluentFormat() {}

    /// The header that precedes data written with the schema of an id.
    public static byte[] header(int schemaId) {
        return ByteBuffer.allocate(HEADER_LENGTH).put(MAGIC).putInt(schemaId).array();
    }

    /// Whether a value is in this format, and not in single-object encoding.
    static boolean isIn(byte[] value, int offset, int length) {
        return length > 0 && value[offset] == MAGIC;
    }

    /// Reads the writer schema's id out of a value that [#isIn] this format.
    ///
    /// @throws BatchFormatException if the value is too short
    static int schemaId(byte[] value, int offset, int length) {
        if (length < HEADER_LENGTH) {
            throw new BatchFormatException(
                    "value of %d bytes is too short for a header with a schema id of %d"
                            .formatted(length, HEADER_LENGTH),
                    length);
        }
        return ByteBuffer.wrap(value).getInt(offset + 1);
    }

    /// The error for an id that no registry resolves.
    static BatchFormatException unknown(int schemaId) {
        return new BatchFormatException(
                "unknown schema id "
                        + schemaId
                        + " of a schema registry; does schema.registry.url name the sensor's?",
                0);
    }
}
