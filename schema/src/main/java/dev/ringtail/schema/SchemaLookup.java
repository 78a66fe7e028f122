package dev.ringtail.schema;

import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/// Finds the schema a record was written with. Usually filled from the schemas topic, whose records
/// are written before a session's first batch, or from a schema registry.
@FunctionalInterface
public interface SchemaLookup {
    /// A lookup that knows nothing; the newest schema of each type needs none.
    SchemaLookup NONE = fingerprint -> null;

    /// The writer schema of a fingerprint ([SingleObject#fingerprint]), or null if unknown.
    @Nullable Schema find(long fingerprint);

    /// The writer schema of an id in a schema registry ([ConfluentFormat]), or null if unknown. A
    /// lookup without a registry knows none.
    default @Nullable Schema findRegistered(int schemaId) {
        return null;
    }
}
