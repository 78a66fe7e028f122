package dev.ringtail.schema;

import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// Decodes records of one type from either wire format, whichever version of the schema they were
/// written with. Made by [SingleObject#decoder]. Not thread-safe.
///
/// @param <T> the generated class
public final class RecordDecoder<T extends SpecificRecord> {
    private final Schema readerSchema;
    private final SchemaLookup lookup;
    private final Map<Long, SpecificDatumReader<T>> readers = new HashMap<>();
    private final Map<Integer, SpecificDatumReader<T>> registeredReaders = new HashMap<>();
    private final AvroInput in = new AvroInput();
    private final AvroInputDecoder decoder = new AvroInputDecoder(in);

    RecordDecoder(Class<T> type, SchemaLookup lookup) {
        this.readerSchema = SpecificData.get().getSchema(type);
        this.lookup = lookup;
        readers.put(
                SingleObject.fingerprint(readerSchema), new SpecificDatumReader<>(readerSchema));
    }

    /// Decodes a record's value.
    ///
    /// @throws BatchFormatException if it is truncated or corrupt, is of an unknown schema, or of
    ///   one that cannot be read as this type
    public T decode(byte[] value) {
        return decode(value, 0, value.length);
    }

    /// Decodes a value that is a part of an array.
    ///
    /// @throws BatchFormatException as above; bytes are counted from `offset`
    public T decode(byte[] value, int offset, int length) {
        boolean registered = ConfluentFormat.isIn(value, offset, length);
        SpecificDatumReader<T> reader =
                registered
                        ? registeredReader(ConfluentFormat.schemaId(value, offset, length))
                        : reader(SingleObject.fingerprint(value, offset, length));
        in.wrap(value, offset, length);
        in.take(registered ? ConfluentFormat.HEADER_LENGTH : SingleObject.HEADER_LENGTH, "header");
        try {
            T datum = read(reader);
            if (in.remaining() != 0) {
                throw in.corrupt(in.remaining() + " bytes follow the record", in.position());
            }
            return datum;
        } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
            throw new BatchFormatException(
                    readerSchema.getName() + " cannot be decoded: " + e.getMessage(),
                    in.position() - (long) offset,
                    e);
        }
    }

    @SuppressWarnings("NullAway") // Avro takes null for "no datum to reuse", unannotated.
    private T read(SpecificDatumReader<T> reader) throws IOException {
        return reader.read(null, decoder);
    }

    private SpecificDatumReader<T> reader(long fingerprint) {
        SpecificDatumReader<T> known = readers.get(fingerprint);
        if (known != null) {
            return known;
        }
        @Nullable Schema writerSchema = lookup.find(fingerprint);
        if (writerSchema == null) {
            throw new BatchFormatException(
                    "unknown schema "
                            + SingleObject.fingerprintText(fingerprint)
                            + ", which the schemas topic should hold",
                    0);
        }
        SpecificDatumReader<T> reader = new SpecificDatumReader<>(writerSchema, readerSchema);
        readers.put(fingerprint, reader);
        return reader;
    }

    private SpecificDatumReader<T> registeredReader(int schemaId) {
        SpecificDatumReader<T> known = registeredReaders.get(schemaId);
        if (known != null) {
            return known;
        }
        @Nullable Schema writerSchema = lookup.findRegistered(schemaId);
        if (writerSchema == null) {
            throw ConfluentFormat.unknown(schemaId);
        }
        SpecificDatumReader<T> reader = new SpecificDatumReader<>(writerSchema, readerSchema);
        registeredReaders.put(schemaId, reader);
        return reader;
    }
}
