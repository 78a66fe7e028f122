package dev.ringtail.schema;

import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/// Finds the schema a record was written with. Usually filled from the schemas topic, whose records
/// are written before a session's first batch.
@FunctionalInterface
public interface SchemaLookup {
    /// A lookup that knows nothing; the newest schema of each type needs none.
    SchemaLookup NONE = fingerprint -> null;

    /// The writer schema of a fingerprint ([SingleObject#fingerprint]), or null if unknown.
    @Nullable Schema find(long fingerprint);
}
