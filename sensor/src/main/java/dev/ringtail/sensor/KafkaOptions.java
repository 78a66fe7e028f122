package dev.ringtail.sensor;

import dev.ringtail.cli.BrokerList;
import dev.ringtail.cli.FileFaults;
import dev.ringtail.sensor.config.InvalidConfigException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/// Options of the sensor's commands that talk to Kafka; a picocli mixin.
public final class KafkaOptions {
    /// Kafka's setting that names the brokers.
    static final String BROKERS = "bootstrap.servers";

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            description =
                    "Kafka broker to begin with; several are separated by commas. Needed unless a"
                            + " configuration file names one.")
    private @Nullable String bootstrapServer;

    @Option(
            names = "--topic-prefix",
            paramLabel = "PREFIX",
            description = "What the topics' names begin with (default: capture).")
    private @Nullable String topicPrefix;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description =
                    "Properties file passed to the Kafka clients as it is (TLS, SASL, anything),"
                            + " and schema.registry.url.")
    private @Nullable Path kafkaConfig;

    /// What the topics' names begin with; null where it was not given.
    public @Nullable String topicPrefix() {
        return topicPrefix;
    }

    /// The settings of Kafka's clients that were given, for a command that needs a broker.
    ///
    /// @throws InvalidConfigException where the file can't be read, or no broker is named rightly
    public Map<String, String> propertiesWithBroker() {
        Map<String, String> given = properties();
        if (!given.containsKey(BROKERS)) {
            throw noBroker("--bootstrap-server");
        }
        checkBrokers("--bootstrap-server", given);
        return given;
    }

    /// Refuses brokers that can't be any, where some are named.
    ///
    /// @param key how the user knows the setting
    static void checkBrokers(String key, Map<String, String> properties) {
        @Nullable String brokers = properties.get(BROKERS);
        if (brokers != null) {
            try {
                BrokerList.check(brokers);
            } catch (IllegalArgumentException e) {
                throw new InvalidConfigException(key, String.valueOf(e.getMessage()));
            }
        }
    }

    /// Tells that no broker was named.
    static InvalidConfigException noBroker(String key) {
        return new InvalidConfigException(
                key,
                "no broker given; use --bootstrap-server HOST:PORT (`ringtail kafka` starts one)");
    }

    /// The settings of Kafka's clients that were given.
    ///
    /// @throws InvalidConfigException where the file can't be read
    public Map<String, String> properties() {
        Map<String, String> result = new TreeMap<>();
        if (kafkaConfig != null) {
            Properties file = new Properties();
            try (Reader in = Files.newBufferedReader(kafkaConfig)) {
                file.load(in);
            } catch (IOException | IllegalArgumentException e) {
                throw new InvalidConfigException(
                        "--kafka-config",
                        "can't read " + kafkaConfig + ": " + FileFaults.reason(e));
            }
            file.stringPropertyNames().forEach(k -> result.put(k, file.getProperty(k)));
        }
        if (bootstrapServer != null) {
            result.put(BROKERS, bootstrapServer);
        }
        return result;
    }
}
