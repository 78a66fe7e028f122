package dev.ringtail.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/// What a local Docker is told of the rendered container.
class RenderedSensorTest {
    private static final Map<String, String> FIELDS =
            Map.of("spec.nodeName", "node-1", "status.hostIP", "192.0.2.1");

    @TempDir private Path folder;

    @Test
    void hasEveryRestriction() throws IOException {
        RenderedSensor sensor =
                new RenderedSensor(Chart.ofRepository().render(Chart.values("minimal")));

        assertThat(sensor.options(folder, FIELDS))
                .containsExactly(
                        "--user=0:0",
                        "--cap-drop=ALL",
                        "--cap-add=NET_RAW",
                        "--security-opt=no-new-privileges",
                        "--read-only",
                        "--env=NODE_NAME=node-1",
                        "--env=HOST_IP=192.0.2.1",
                        "--volume=" + folder + ":/etc/ringtail:ro",
                        "--tmpfs=/tmp:rw,exec,nosuid,nodev,size=67108864",
                        "--memory=536870912",
                        "--stop-timeout=30");
        assertThat(sensor.image()).isEqualTo("registry.example.net/ringtail/sensor:0.1.0-SNAPSHOT");
        assertThat(sensor.arguments())
                .containsExactly("sensor", "--config", "/etc/ringtail/sensor.yaml");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve("sensor.yaml"))))
                .isEqualTo("r--r-----");
    }

    @Test
    void refusesWhatDockerCouldNotDo() {
        RenderedSensor withSecrets =
                new RenderedSensor(Chart.ofRepository().render(Chart.values("tls")));

        assertThatThrownBy(() -> withSecrets.options(folder, FIELDS))
                .hasMessage("secrets are not there without a cluster");
        assertThatThrownBy(() -> withSecrets.options(folder, Map.of()))
                .hasMessage("no value for the field spec.nodeName");
    }
}
