package dev.ringtail.registry;

import dev.ringtail.schema.ConfluentFormat;
import dev.ringtail.schema.SingleObject;
import dev.ringtail.schema.WireFormat;

import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Confluent's wire format with schemas that have been looked up in a registry, each once. The
/// registry is not needed any more afterwards. Immutable.
public final class RegisteredFormat implements WireFormat {
    private static final Logger LOGGER = LoggerFactory.getLogger(RegisteredFormat.class);

    /// What the schemas are held to: every version reads every other.
    private static final String COMPATIBILITY = "FULL_TRANSITIVE";

    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

    /// Schema ids by fingerprint.
    private final Map<Long, Integer> ids;

    private RegisteredFormat(Map<Long, Integer> ids) {
        this.ids = ids;
    }

    /// Brings the schemas of topics into the registry, each under the subject of its topic's values
    /// (`TOPIC-value`, as Confluent's serializers do), and has the registry refuse versions that
    /// are not compatible there. A rule that somebody else has set stays.
    ///
    /// @param schemas by topic
    /// @throws RegistryException if the registry does not answer or does not take one of them
    public static RegisteredFormat register(
            RegistrySettings settings, Map<String, Schema> schemas) {
        try (SchemaRegistry registry = new SchemaRegistry(settings)) {
            Map<Long, Integer> ids = new HashMap<>();
            schemas.forEach(
                    (topic, schema) -> {
                        String subject = topic + "-value";
                        int id;
                        if (settings.autoRegister()) {
                            hold(registry, subject);
                            id = registry.register(subject, schema);
                        } else {
                            id = registry.id(subject, schema);
                        }
                        ids.put(SingleObject.fingerprint(schema), id);
                    });
            return new RegisteredFormat(Map.copyOf(ids));
        }
    }

    /// As [#register], but waits for a registry that does not answer, with an attempt a second.
    ///
    /// @param waiting told why it waits, after each attempt
    /// @param stopRequested waits for so long; true ends the wait
    /// @return null if the wait was ended
    /// @throws RegistryException if the registry does not take one of the schemas
    public static @Nullable RegisteredFormat await(
            RegistrySettings settings,
            Map<String, Schema> schemas,
            Consumer<RegistryException> waiting,
            Predicate<Duration> stopRequested) {
        while (true) {
            try {
                return register(settings, schemas);
            } catch (RegistryException e) {
                if (!e.mayPass()) {
                    throw e;
                }
                waiting.accept(e);
                if (stopRequested.test(RETRY_INTERVAL)) {
                    return null;
                }
            }
        }
    }

    /// Sets the rule of a subject that has none of its own, before its first version. Whatever an
    /// operator has set stays, `NONE` too: Apicurio answers that also of a subject that is there
    /// without a rule, which can't be told apart. Who may register but not configure can write all
    /// the same.
    private static void hold(SchemaRegistry registry, String subject) {
        try {
            if (registry.compatibility(subject) == null) {
                registry.setCompatibility(subject, COMPATIBILITY);
            }
        } catch (RegistryException e) {
            if (e.mayPass()) {
                throw e;
            }
            LOGGER.atWarn()
                    .addKeyValue("subject", subject)
                    .addKeyValue("wanted", COMPATIBILITY)
                    .addKeyValue("detail", e.getMessage())
                    .log("the compatibility rule of a subject can't be set");
        }
    }

    /// @throws NullPointerException if the schema is none of those that were registered
    @Override
    public byte[] header(Schema schema) {
        return ConfluentFormat.header(
                Objects.requireNonNull(
                        ids.get(SingleObject.fingerprint(schema)), schema::getFullName));
    }
}
