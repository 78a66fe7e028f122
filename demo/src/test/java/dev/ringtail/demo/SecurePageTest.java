package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.sensor.config.ConfigLoader;
import dev.ringtail.sensor.config.SensorConfig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The sensor takes the configurations of `docs/how-to/secure-kafka.md` letter by letter.
class SecurePageTest {
    @Test
    void configurationsAreValid(@TempDir Path folder) throws IOException {
        List<String> configs = SecurePage.sensorConfigs();

        assertThat(configs).hasSize(2);
        assertThat(load(folder, configs.get(0)).kafka())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry(
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required"
                                + " username=\"sensor\" password=\"opensesame\";");
        assertThat(load(folder, configs.get(1)).kafka())
                .containsEntry("security.protocol", "SSL")
                .containsEntry("ssl.keystore.location", "/etc/ringtail/sensor.pem");
    }

    private static SensorConfig load(Path folder, String config) throws IOException {
        Path file = Files.writeString(folder.resolve("sensor.yaml"), config);
        return new ConfigLoader(Map.of("KAFKA_PASSWORD", "opensesame")).file(file).load();
    }
}
