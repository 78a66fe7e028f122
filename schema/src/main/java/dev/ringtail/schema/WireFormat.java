package dev.ringtail.schema;

import org.apache.avro.Schema;

/// How a value names the schema it was written with: by the bytes before its Avro data. Readers
/// tell the formats apart by the first byte, so a topic may hold both.
@FunctionalInterface
public interface WireFormat {
    /// Avro's single-object encoding, which needs no registry.
    WireFormat SINGLE_OBJECT = SingleObject::header;

    /// The header that precedes data written with a schema. May be slow: to be kept by the caller.
    byte[] header(Schema schema);
}
