package dev.ringtail.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import dev.ringtail.sensor.Main;
import dev.ringtail.sensor.StopSignal;
import dev.ringtail.sensor.config.ConfigLoader;
import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.publish.KafkaSettings;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// The `sensor.yaml` of the ConfigMaps, read by the sensor itself. Surefire sets NODE_NAME and
/// HOST_IP, as the DaemonSet does.
class SensorConfigTest {
    /// What the chart sets itself, or has no files for in a pod.
    private static final Set<String> NOT_OF_THE_OPERATOR =
            Set.of("sensorId", "topicPrefix", "kafka", "management", "netns", "record");

    private static final String SECRETS = "/etc/ringtail/secrets";
    private static final YAMLMapper YAML = new YAMLMapper();

    @TempDir private Path folder;

    /// In the place of the pod's.
    @TempDir private Path secrets;

    static List<Path> valueFiles() {
        return Chart.valueFiles();
    }

    @ParameterizedTest
    @MethodSource("valueFiles")
    void isValidForEverySensor(Path values) throws IOException {
        for (ConfigMap map : sensorConfigMaps(values)) {
            Path file = write(map);

            StringWriter said = new StringWriter();
            CommandLine ringtail = Main.commandLine(StopSignal.never());
            ringtail.setErr(new PrintWriter(said, true));
            int exit = ringtail.execute("sensor", "--config", file.toString(), "--check");

            assertThat(said)
                    .as(map.getMetadata().getName())
                    .hasToString("The configuration is valid.\n");
            assertThat(exit).isZero();
            SensorConfig config = load(file);
            assertThat(config.sensorId()).isEqualTo("node-1");
            assertThat(new KafkaSettings(config.kafka()).weakened()).isEmpty();
        }
    }

    private static List<ConfigMap> sensorConfigMaps(Path values) {
        List<ConfigMap> maps =
                Chart.ofRepository().render(values).all(ConfigMap.class).stream()
                        .filter(m -> m.getData().containsKey("sensor.yaml"))
                        .toList();
        assertThat(maps).isNotEmpty();
        return maps;
    }

    @Test
    void aProfileIsLaidOverTheCommonConfiguration() throws IOException {
        Manifests manifests = Chart.ofRepository().render(Chart.values("profiles"));
        SensorConfig common = load(write(manifests.one(ConfigMap.class, "-sensor")));
        SensorConfig edge = load(write(manifests.one(ConfigMap.class, "-sensor-edge")));

        assertThat(common.interfaces().getFirst().except()).containsExactly("enx*", "eth9");
        assertThat(common.lanes()).isEqualTo(2);
        assertThat(edge.interfaces()).extracting("name").containsExactly("bond0");
        assertThat(edge.lanes()).isEqualTo(8);
        assertThat(edge.filter()).isEqualTo("ip or ip6");
        assertThat(edge.ring().blockSize()).hasToString("4MiB");
        assertThat(edge.ring().blockCount()).isEqualTo(common.ring().blockCount());
    }

    @Test
    void theSchemaHasEveryKeyOfTheSensorAndNoOther() throws IOException {
        JsonNode schema =
                YAML.readTree(Path.of("ringtail", "values.schema.json").toFile())
                        .at("/$defs/sensorConfig");
        try (InputStream in =
                Objects.requireNonNull(SensorConfig.class.getResourceAsStream("defaults.yaml"))) {
            Set<String> keys = new TreeSet<>(keysOf(YAML.readTree(in)));
            keys.removeIf(key -> NOT_OF_THE_OPERATOR.contains(key.replaceFirst("\\..*", "")));

            assertThat(keysOfSchema(schema)).isEqualTo(keys);
            JsonNode sample = YAML.readTree(Chart.values("sensor-config").toFile());
            assertThat(keysOf(sample.at("/sensor/config")))
                    .as("the value file that tries all of them")
                    .containsExactlyInAnyOrderElementsOf(keys);
        }
    }

    /// Paths of what is no mapping.
    private static List<String> keysOf(JsonNode tree) {
        List<String> keys = new ArrayList<>();
        tree.properties()
                .forEach(
                        e -> {
                            if (e.getValue().isObject() && !e.getValue().isEmpty()) {
                                keysOf(e.getValue()).forEach(k -> keys.add(e.getKey() + "." + k));
                            } else {
                                keys.add(e.getKey());
                            }
                        });
        return keys;
    }

    private static Set<String> keysOfSchema(JsonNode schema) {
        Set<String> keys = new TreeSet<>();
        schema.path("properties")
                .properties()
                .forEach(
                        e -> {
                            Set<String> below = keysOfSchema(e.getValue());
                            below.forEach(k -> keys.add(e.getKey() + "." + k));
                            if (below.isEmpty()) {
                                keys.add(e.getKey());
                            }
                        });
        return keys;
    }

    @Test
    void kafkaReadsTheSecretsFromTheirFiles() throws IOException {
        Files.writeString(secrets.resolve("sasl.username"), "sensor");
        Files.writeString(secrets.resolve("sasl.password"), "pa ss");
        Files.writeString(secrets.resolve("client.crt"), "CERTIFICATE");
        Files.writeString(secrets.resolve("client.key"), "KEY");

        Map<String, String> scram = kafkaOf("scram");
        assertThat(scram)
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("ssl.truststore.location", secrets + "/ca.crt");
        assertThat(resolved(scram).getPassword(SaslConfigs.SASL_JAAS_CONFIG).value())
                .isEqualTo(
                        "org.apache.kafka.common.security.scram.ScramLoginModule required"
                                + " username=\"sensor\" password=\"pa ss\";");

        Map<String, String> tls = kafkaOf("tls");
        assertThat(tls).containsEntry("security.protocol", "SSL").containsEntry("linger.ms", "10");
        AbstractConfig producer = resolved(tls);
        assertThat(producer.getPassword(SslConfigs.SSL_KEYSTORE_KEY_CONFIG))
                .isEqualTo(new Password("KEY"));
        assertThat(producer.getPassword(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG))
                .isEqualTo(new Password("CERTIFICATE"));
        assertThat(producer.getInt(ProducerConfig.MAX_REQUEST_SIZE_CONFIG)).isEqualTo(1_000_000);
    }

    /// What `docs/how-to/run-on-kubernetes.md` warns of.
    @ParameterizedTest
    @ValueSource(strings = {"pass\n", "pass\r\n", "pa\"ss"})
    void kafkaRefusesAPasswordWithALineEndOrAQuote(String password) throws IOException {
        Files.writeString(secrets.resolve("sasl.username"), "sensor");
        Path file = secrets.resolve("sasl.password");
        Map<String, String> scram = kafkaOf("scram");

        Files.writeString(file, password);
        assertThatThrownBy(() -> JaasContext.loadClientContext(resolved(scram).values()))
                .isInstanceOf(IllegalArgumentException.class);

        Files.writeString(file, "pass");
        assertThat(JaasContext.loadClientContext(resolved(scram).values()).configurationEntries())
                .singleElement()
                .extracting(entry -> entry.getOptions().get("password"))
                .isEqualTo("pass");
    }

    @Test
    void theOtherClientsOfTheSensorReadThemToo() throws IOException {
        Files.writeString(secrets.resolve("client.crt"), "CERTIFICATE");
        Files.writeString(secrets.resolve("client.key"), "KEY");
        Map<String, Object> consumer = new KafkaSettings(kafkaOf("tls")).consumer();

        assertThat(
                        new ConsumerConfig(consumer)
                                .getPassword(SslConfigs.SSL_KEYSTORE_KEY_CONFIG)
                                .value())
                .isEqualTo("KEY");
    }

    private static AbstractConfig resolved(Map<String, String> kafka) {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return new ProducerConfig(properties);
    }

    private Map<String, String> kafkaOf(String values) throws IOException {
        return load(write(
                        Chart.ofRepository()
                                .render(Chart.values(values))
                                .one(ConfigMap.class, "-sensor")))
                .kafka();
    }

    @ParameterizedTest
    @MethodSource("valueFiles")
    void everyFileOfASecretThatIsNamedIsMounted(Path values) {
        Manifests manifests = Chart.ofRepository().render(values);
        for (DaemonSet set : manifests.all(DaemonSet.class)) {
            Set<String> mounted = new TreeSet<>();
            set
                    .getSpec()
                    .getTemplate()
                    .getSpec()
                    .getVolumes()
                    .getFirst()
                    .getProjected()
                    .getSources()
                    .stream()
                    .filter(s -> s.getSecret() != null)
                    .flatMap(s -> s.getSecret().getItems().stream())
                    .forEach(item -> mounted.add(item.getPath()));
            String config =
                    manifests.all(ConfigMap.class).stream()
                            .filter(
                                    m ->
                                            m.getMetadata()
                                                    .getName()
                                                    .equals(set.getMetadata().getName()))
                            .findFirst()
                            .orElseThrow()
                            .getData()
                            .get("sensor.yaml");

            assertThat(mounted)
                    .allSatisfy(
                            path ->
                                    assertThat(config)
                                            .containsAnyOf(
                                                    "/etc/ringtail/" + path,
                                                    SECRETS + path.replace("secrets/", ":")));
            assertThat(config.contains(SECRETS)).isEqualTo(!mounted.isEmpty());
        }
    }

    private Path write(ConfigMap map) throws IOException {
        return Files.writeString(
                Files.createTempFile(folder, "sensor", ".yaml"),
                map.getData().get("sensor.yaml").replace(SECRETS, secrets.toString()));
    }

    private static SensorConfig load(Path file) {
        return new ConfigLoader(Map.of("NODE_NAME", "node-1", "HOST_IP", "192.0.2.1"))
                .file(file)
                .load();
    }
}
