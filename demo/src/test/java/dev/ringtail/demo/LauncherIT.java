package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// The launcher's build, with a Maven that has the work done already.
@Privileged
class LauncherIT {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    @TempDir Path folder;

    /// Classes come from the recorded start while jar and flags are those that it was made with,
    /// and without a word from where they were before where not.
    @Test
    void aBuildRecordsAStartThatLaterOnesUse() throws IOException {
        Path home = Files.createDirectory(folder.resolve("home"));
        Files.copy(PROJECT.resolve("ringtail"), home.resolve("ringtail"));
        Files.setPosixFilePermissions(
                home.resolve("ringtail"), PosixFilePermissions.fromString("rwx------"));
        Files.copy(PROJECT.resolve("pom.xml"), home.resolve("pom.xml"));
        maven(home);

        assertThat(sensor(home).stderr()).contains("recording a start").contains("built in");
        assertThat(home.resolve("sensor/target/sensor.aot")).isNotEmptyFile();

        assertThat(loading(home, "-Xlog:class+load")).contains("shared objects file");
        assertThat(loading(home, "-Xlog:class+load", "-Xshare:off")).contains("sensor-");
        Tools.run("sh", "-c", "touch -d '+1 minute' " + home + "/sensor/target/*.jar").orFail();
        assertThat(loading(home, "-Xlog:class+load")).contains("sensor-");
        assertThat(sensor(home).stderr()).isEmpty();
    }

    /// Where the sensor's main class was loaded from.
    private static String loading(Path home, String... jvmFlags) {
        return sensor(home, "RINGTAIL_JAVA_OPTS=" + String.join(" ", jvmFlags))
                .stdout()
                .lines()
                .filter(line -> line.contains(" dev.ringtail.sensor.Main source:"))
                .findFirst()
                .orElseThrow();
    }

    private static Tools.Result sensor(Path home, String... environment) {
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(List.of(environment));
        command.addAll(
                List.of(
                        "PATH=" + home + "/bin:" + System.getenv("PATH"),
                        "JAVA_HOME=" + System.getProperty("java.home"),
                        home.resolve("ringtail").toString(),
                        "sensor",
                        "--version"));
        return Tools.run(command).orFail();
    }

    private static void maven(Path home) throws IOException {
        Path program = Files.createDirectory(home.resolve("bin")).resolve("mvn");
        Files.writeString(
                program,
                """
                #!/bin/sh
                mkdir -p '%2$s' && cp -a '%1$s'/*.jar '%1$s/lib' '%2$s'
                """
                        .formatted(
                                PROJECT.resolve("sensor/target"), home.resolve("sensor/target")));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }
}
