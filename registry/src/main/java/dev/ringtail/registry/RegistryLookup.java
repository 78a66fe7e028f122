package dev.ringtail.registry;

import dev.ringtail.schema.SchemaLookup;

import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Finds writer schemas in a registry by their ids, each asked for once, and by their fingerprints
/// elsewhere. Not thread-safe.
public final class RegistryLookup implements SchemaLookup {
    private final @Nullable RegistrySettings settings;
    private final SchemaLookup byFingerprint;

    /// Empty for ids that the registry has no Avro schema for: corrupt batches must not make it be
    /// asked again and again.
    private final Map<Integer, Optional<Schema>> schemas = new HashMap<>();

    /// @param settings null for no registry, and so no id that is known
    public RegistryLookup(@Nullable RegistrySettings settings, SchemaLookup byFingerprint) {
        this.settings = settings;
        this.byFingerprint = byFingerprint;
    }

    @Override
    public @Nullable Schema find(long fingerprint) {
        return byFingerprint.find(fingerprint);
    }

    /// @throws RegistryException if the registry does not answer, or does not let us ask
    @Override
    public @Nullable Schema findRegistered(int schemaId) {
        return settings == null
                ? null
                : schemas.computeIfAbsent(schemaId, id -> fetch(settings, id)).orElse(null);
    }

    private static Optional<Schema> fetch(RegistrySettings settings, int schemaId) {
        try (SchemaRegistry registry = new SchemaRegistry(settings)) {
            return Optional.ofNullable(registry.schema(schemaId));
        }
    }
}
