package dev.ringtail.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;

class HomeTest {
    @Test
    void processesHaveTheFlagsOfTheLauncher() throws Exception {
        String launcher =
                Files.readString(Home.find().launcher())
                        .replaceAll("\\\\\n *", "")
                        .replaceAll("\\s+", " ");

        assertThat(launcher)
                .contains("sensor) echo " + String.join(" ", Home.SENSOR_JVM) + " ;;")
                .contains("kafka) echo " + String.join(" ", Home.KAFKA_JVM) + " ;;")
                .contains(
                        "export | flows | verify) echo "
                                + String.join(" ", Home.READER_JVM)
                                + " ;;");
    }
}
