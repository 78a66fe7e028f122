package dev.ringtail.consumer;

import dev.ringtail.registry.RegistryException;
import dev.ringtail.registry.RegistryLookup;
import dev.ringtail.schema.SchemaLookup;

import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/// Finds the schemas that records of a deployment were written with: in the schemas topic, and in
/// the schema registry where one is named. Each that is found is looked for once, whichever thread
/// asks: any may.
public final class WriterSchemas implements SchemaLookup {
    private final RegistryLookup lookup;

    /// Reads nothing yet.
    ///
    /// @throws picocli.CommandLine.ParameterException if the registry is named wrongly
    public WriterSchemas(KafkaOptions kafka) {
        this.lookup = new RegistryLookup(kafka.registry(), new SchemaTopic(kafka));
    }

    /// @throws CommandException if the topic is not there or cannot be read
    @Override
    public synchronized @Nullable Schema find(long fingerprint) {
        return lookup.find(fingerprint);
    }

    /// @throws CommandException if the registry does not answer
    @Override
    public synchronized @Nullable Schema findRegistered(int schemaId) {
        try {
            return lookup.findRegistered(schemaId);
        } catch (RegistryException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }
}
