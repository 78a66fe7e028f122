package dev.ringtail.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class HomeTest {
    private static final String FUNCTION = "eval \"$(sed -n '/^jvm_flags() {/,/^}/p' \"$0\")\"";
    private static final String FLAGS = "jvm_flags \"$1\"; printf '%s\\n' \"${flags[@]}\"";

    @TempDir Path folder;

    @Test
    void processesHaveTheFlagsOfTheLauncher() throws Exception {
        assertThat(flags("sensor")).isEqualTo(Home.SENSOR_JVM);
        assertThat(flags("kafka")).isEqualTo(Home.KAFKA_JVM);
        for (String command : List.of("export", "flows", "verify")) {
            assertThat(flags(command)).as(command).isEqualTo(Home.READER_JVM);
        }
    }

    @Test
    void noFileIsTakenForAFlag() throws Exception {
        String pattern = Home.SENSOR_JVM.getLast();
        assertThat(pattern).contains("*");
        Files.createFile(folder.resolve(pattern.replace("*", "lients.X")));

        assertThat(flags("sensor")).isEqualTo(Home.SENSOR_JVM);
    }

    /// What the launcher's function says in a shell in the folder.
    private List<String> flags(String command) throws Exception {
        Process shell =
                new ProcessBuilder(
                                "bash",
                                "-c",
                                FUNCTION + "; " + FLAGS,
                                Home.find().launcher().toString(),
                                command)
                        .directory(folder.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        List<String> words = shell.inputReader().lines().toList();
        assertThat(shell.waitFor()).isZero();
        return words;
    }
}
