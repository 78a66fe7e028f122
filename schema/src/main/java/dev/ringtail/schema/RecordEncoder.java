package dev.ringtail.schema;

import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Encodes records of one type with their newest schema. Callable from any thread.
///
/// @param <T> the generated class
public final class RecordEncoder<T extends SpecificRecord> {
    private final byte[] header;
    private final SpecificDatumWriter<T> writer;

    /// @param type the generated class, for instance `SensorReport.class`
    /// @param format how values name the schema
    public RecordEncoder(Class<T> type, WireFormat format) {
        Schema schema = SpecificData.get().getSchema(type);
        this.header = format.header(schema);
        this.writer = new SpecificDatumWriter<>(schema, SpecificData.get());
    }

    /// A record as the value of a Kafka record.
    public byte[] encode(T record) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        try {
            out.write(header);
            writer.write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return out.toByteArray();
    }
}
