package dev.ringtail.consumer;

import dev.ringtail.schema.Topics;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/// Options of every command that talks to Kafka. A picocli mixin: `@Mixin private KafkaOptions
/// kafka;`
public final class KafkaOptions {
    /// The command that mixes these options in, for usage errors.
    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec command;

    @Option(
            names = "--bootstrap-server",
            required = true,
            paramLabel = "HOST:PORT",
            description = "Kafka broker to begin with; several are separated by commas.")
    private String bootstrapServer = "";

    @Option(
            names = "--topic-prefix",
            paramLabel = "PREFIX",
            defaultValue = Topics.DEFAULT_PREFIX,
            description = "What the topics' names begin with (default: ${DEFAULT-VALUE}).")
    private String topicPrefix = Topics.DEFAULT_PREFIX;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description =
                    "Properties file passed to the Kafka clients as it is (TLS, SASL, anything).")
    private @Nullable Path kafkaConfig;

    /// The brokers as they were given, for messages.
    public String bootstrapServer() {
        return bootstrapServer;
    }

    /// Names of the topics.
    ///
    /// @throws ParameterException if the prefix is not allowed
    public Topics topics() {
        try {
            return Topics.withPrefix(topicPrefix);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    command.commandLine(), "--topic-prefix: " + e.getMessage(), e);
        }
    }

    /// Properties for any Kafka client: those of the file, and the brokers. A new map each time, to
    /// which a command adds its own.
    ///
    /// @throws ParameterException if the file cannot be read
    public Map<String, Object> clientProperties() {
        Properties properties = new Properties();
        if (kafkaConfig != null) {
            try (Reader in = Files.newBufferedReader(kafkaConfig)) {
                properties.load(in);
            } catch (IOException | IllegalArgumentException e) {
                throw new ParameterException(
                        command.commandLine(),
                        "--kafka-config: cannot read " + kafkaConfig + ": " + e,
                        e);
            }
        }
        Map<String, Object> client = new HashMap<>();
        for (String name : properties.stringPropertyNames()) {
            client.put(name, properties.getProperty(name));
        }
        client.put("bootstrap.servers", bootstrapServer);
        return client;
    }
}
