package dev.ringtail.consumer;

import dev.ringtail.cli.BrokerList;
import dev.ringtail.cli.FileFaults;
import dev.ringtail.cli.TlsProbe;
import dev.ringtail.registry.RegistryException;
import dev.ringtail.registry.RegistrySettings;
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
                    "Properties file passed to the Kafka clients as it is (TLS, SASL, anything),"
                            + " and schema.registry.url.")
    private @Nullable Path kafkaConfig;

    private boolean protocolChecked;

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
    /// @throws ParameterException if the file cannot be read, or a broker is none
    /// @throws CommandException if a broker speaks TLS, and none is asked for
    public Map<String, Object> clientProperties() {
        Map<String, Object> client = file();
        client.keySet().removeIf(RegistrySettings::isOwn);
        client.put("bootstrap.servers", checkedBrokers());
        checkProtocol(String.valueOf(client.getOrDefault("security.protocol", "PLAINTEXT")));
        return client;
    }

    /// Once for all clients of a command.
    private void checkProtocol(String securityProtocol) {
        if (protocolChecked) {
            return;
        }
        try {
            TlsProbe.check(bootstrapServer, securityProtocol);
            protocolChecked = true;
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    /// The schema registry that the file names; null for none.
    ///
    /// @throws ParameterException if the file cannot be read, or names it wrongly
    public @Nullable RegistrySettings registry() {
        try {
            return RegistrySettings.of(file());
        } catch (RegistryException e) {
            throw new ParameterException(
                    command.commandLine(), "--kafka-config: " + e.getMessage(), e);
        }
    }

    private String checkedBrokers() {
        try {
            return BrokerList.check(bootstrapServer);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    command.commandLine(), "--bootstrap-server: " + e.getMessage(), e);
        }
    }

    private Map<String, Object> file() {
        Properties properties = new Properties();
        if (kafkaConfig != null) {
            try (Reader in = Files.newBufferedReader(kafkaConfig)) {
                properties.load(in);
            } catch (IOException | IllegalArgumentException e) {
                throw new ParameterException(
                        command.commandLine(),
                        "--kafka-config: cannot read " + kafkaConfig + ": " + FileFaults.reason(e),
                        e);
            }
        }
        Map<String, Object> file = new HashMap<>();
        for (String name : properties.stringPropertyNames()) {
            file.put(name, properties.getProperty(name));
        }
        return file;
    }
}
