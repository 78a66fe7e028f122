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

/// The launcher's build, with a Maven that has the work done already, on a machine whose PATH has
/// another Java than the one that lies where JDKs are looked for.
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
        jdks(home);
        maven(home);

        assertThat(version(home, "sensor").stderr())
                .contains("recording a run of sensor")
                .contains("recording a run of export, flows, verify")
                .contains("built in");

        checkCache(home, "sensor", "dev.ringtail.sensor.Main", "sensor");
        checkCache(
                home,
                "consumer-examples",
                "dev.ringtail.consumer.Main",
                "export",
                "flows",
                "verify");
    }

    private static void checkCache(Path home, String module, String main, String... commands) {
        assertThat(home.resolve(module + "/target/" + module + ".aot")).isNotEmptyFile();
        for (String command : commands) {
            assertThat(loading(home, command, main, "-Xlog:class+load"))
                    .contains("shared objects file");
            assertThat(loading(home, command, main, "-Xlog:class+load", "-Xshare:off"))
                    .contains(module + "-");
        }
        Tools.run("sh", "-c", "touch -d '+1 minute' %s/%s/target/*.jar".formatted(home, module))
                .orFail();
        for (String command : commands) {
            assertThat(loading(home, command, main, "-Xlog:class+load")).contains(module + "-");
            assertThat(version(home, command).stderr()).isEmpty();
        }
    }

    /// Where a command's main class was loaded from.
    private static String loading(Path home, String command, String main, String... jvmFlags) {
        return version(home, command, "RINGTAIL_JAVA_OPTS=" + String.join(" ", jvmFlags))
                .stdout()
                .lines()
                .filter(line -> line.contains(" " + main + " source:"))
                .findFirst()
                .orElseThrow();
    }

    private static Tools.Result version(Path home, String name, String... environment) {
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(List.of("--unset=JAVA_HOME", "HOME=" + home));
        command.addAll(List.of(environment));
        command.addAll(
                List.of(
                        "PATH=" + home + "/bin:" + System.getenv("PATH"),
                        home.resolve("ringtail").toString(),
                        name,
                        "--version"));
        return Tools.run(command).orFail();
    }

    private static void jdks(Path home) throws IOException {
        Path jdks = Files.createDirectory(home.resolve(".jdks"));
        Files.createSymbolicLink(jdks.resolve("this"), Path.of(System.getProperty("java.home")));
        executable(home.resolve("bin/java"), "#!/bin/sh\nexit 1\n");
    }

    private static void maven(Path home) throws IOException {
        executable(
                home.resolve("bin/mvn"),
                """
                #!/bin/sh
                for module in sensor demo consumer-examples; do
                  mkdir -p "%2$s/$module/target"
                  cp -a "%1$s/$module/target/"*.jar "%1$s/$module/target/lib" "%2$s/$module/target"
                done
                """
                        .formatted(PROJECT, home));
    }

    private static void executable(Path program, String text) throws IOException {
        Files.createDirectories(program.getParent());
        Files.writeString(program, text);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }
}
