package dev.ringtail.schema;

import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.specific.SpecificRecord;

import java.util.HexFormat;

/// Avro's single-object encoding, the wire format of every Ringtail topic unless a schema registry
/// is used ([ConfluentFormat]).
///
/// ```text
///   0      2                 10
///   | C3 01 | fingerprint, LE  | Avro binary
/// ```
///
/// The fingerprint is CRC-64-AVRO of the writer schema's parsing canonical form.
///
/// @see <a href="https://avro.apache.org/docs/1.12.0/specification/#single-object-encoding">Avro
///   specification</a>
public final class SingleObject {
    /// Bytes before the Avro data: the two marker bytes and the fingerprint.
    public static final int HEADER_LENGTH = 10;

    private static final byte MARKER_0 = (byte) 0xc3;
    private static final byte MARKER_1 = 0x01;
    private static final int MARKER_LENGTH = 2;

    /// Taking a schema's fingerprint costs tens of microseconds, so each class's encoder is kept.
    private static final ClassValue<RecordEncoder<SpecificRecord>> ENCODERS =
            new ClassValue<>() {
                @Override
                protected RecordEncoder<SpecificRecord> computeValue(Class<?> type) {
                    return encoder(type.asSubclass(SpecificRecord.class));
                }
            };

    static {
        TrustedClasses.register();
    }

    private SingleObject() {}

    /// CRC-64-AVRO fingerprint of a schema.
    public static long fingerprint(Schema schema) {
        return SchemaNormalization.parsingFingerprint64(schema);
    }

    /// Text form of a fingerprint, the key in the schemas topic: 16 lower-case hex digits, most
    /// significant first.
    public static String fingerprintText(long fingerprint) {
        return HexFormat.of().toHexDigits(fingerprint);
    }

    /// The header that precedes data written with a schema.
    public static byte[] header(Schema schema) {
        byte[] header = new byte[HEADER_LENGTH];
        header[0] = MARKER_0;
        header[1] = MARKER_1;
        long fingerprint = fingerprint(schema);
        for (int i = MARKER_LENGTH; i < HEADER_LENGTH; i++) {
            header[i] = (byte) fingerprint;
            fingerprint >>>= 8;
        }
        return header;
    }

    /// Reads the writer schema's fingerprint out of a record's value.
    ///
    /// @throws BatchFormatException if the value is too short or does not begin with C3 01
    public static long fingerprint(byte[] value, int offset, int length) {
        if (length < HEADER_LENGTH) {
            throw new BatchFormatException(
                    "value of "
                            + length
                            + " bytes is too short for a single-object header of "
                            + HEADER_LENGTH,
                    length);
        }
        if (value[offset] != MARKER_0 || value[offset + 1] != MARKER_1) {
            throw new BatchFormatException(
                    "value begins with "
                            + HexFormat.of().formatHex(value, offset, offset + MARKER_LENGTH)
                            + " where single-object encoding has c301 and Confluent's format 00",
                    0);
        }
        long fingerprint = 0;
        for (int i = HEADER_LENGTH - 1; i >= MARKER_LENGTH; i--) {
            fingerprint = fingerprint << 8 | (value[offset + i] & 0xff);
        }
        return fingerprint;
    }

    /// Encodes a record with its own schema.
    public static <T extends SpecificRecord> byte[] encode(T record) {
        return ENCODERS.get(record.getClass()).encode(record);
    }

    @SuppressWarnings("unchecked") // It is asked for records of its own type alone.
    private static RecordEncoder<SpecificRecord> encoder(Class<? extends SpecificRecord> type) {
        return new RecordEncoder<>((Class<SpecificRecord>) type, WireFormat.SINGLE_OBJECT);
    }

    /// A decoder of one record type, in whichever wire format its records are.
    ///
    /// @param type the generated class, for instance `SensorReport.class`
    /// @param lookup finds the schemas of other versions than the newest
    public static <T extends SpecificRecord> RecordDecoder<T> decoder(
            Class<T> type, SchemaLookup lookup) {
        return new RecordDecoder<>(type, lookup);
    }
}
