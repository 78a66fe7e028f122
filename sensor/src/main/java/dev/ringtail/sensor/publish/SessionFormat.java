package dev.ringtail.sensor.publish;

import dev.ringtail.registry.RegisteredFormat;
import dev.ringtail.registry.RegistryException;
import dev.ringtail.registry.RegistrySettings;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Topics;
import dev.ringtail.schema.WireFormat;

import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Settles the wire format of a session before it begins: single-object encoding, or schema ids of
/// a registry, which is asked here and never again.
public final class SessionFormat {
    private static final Logger LOGGER = LoggerFactory.getLogger(SessionFormat.class);

    private SessionFormat() {}

    /// The format, from a registry that must be there.
    ///
    /// @throws PublishException if the registry does not answer or refuses a schema
    public static WireFormat of(KafkaSettings kafka, Topics topics) {
        @Nullable RegistrySettings registry = kafka.registry();
        if (registry == null) {
            return WireFormat.SINGLE_OBJECT;
        }
        try {
            return RegisteredFormat.register(registry, schemas(topics));
        } catch (RegistryException e) {
            throw failed(e);
        }
    }

    /// The format, from a registry that is waited for.
    ///
    /// @param stopRequested waits for so long; true ends the wait
    /// @param progress told why it waits, in a line, after each attempt
    /// @throws PublishException if the registry refuses a schema, or the wait was ended
    static WireFormat await(
            KafkaSettings kafka,
            Topics topics,
            Predicate<Duration> stopRequested,
            Consumer<String> progress) {
        @Nullable RegistrySettings registry = kafka.registry();
        if (registry == null) {
            return WireFormat.SINGLE_OBJECT;
        }
        RateLimitedLog down =
                new RateLimitedLog(
                        LOGGER, "waiting for the schema registry; nothing is captured yet");
        AtomicBoolean waited = new AtomicBoolean();
        try {
            @Nullable RegisteredFormat format =
                    RegisteredFormat.await(
                            registry,
                            schemas(topics),
                            fault -> {
                                String message = String.valueOf(fault.getMessage());
                                // All of it: the innermost cause, which is logged, does not name
                                // the URL.
                                down.warn(new PublishException(message));
                                progress.accept("waiting for the schema registry: " + message);
                                waited.set(true);
                            },
                            stopRequested);
            if (format == null) {
                throw new PublishException(
                        "Stopped before the schema registry was there, so nothing was captured");
            }
            if (waited.get()) {
                LOGGER.atInfo().addKeyValue("url", registry).log("the schema registry is there");
            }
            return format;
        } catch (RegistryException e) {
            throw failed(e);
        }
    }

    private static Map<String, Schema> schemas(Topics topics) {
        return Map.of(
                topics.packets(), PacketBatch.getClassSchema(),
                topics.reports(), SensorReport.getClassSchema());
    }

    private static PublishException failed(RegistryException e) {
        return new PublishException(String.valueOf(e.getMessage()), e);
    }
}
