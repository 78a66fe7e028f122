package dev.ringtail.sensor.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ConfigWatchTest {
    @TempDir private Path folder;
    private Path file;
    private ConfigWatch watch;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("sensor.yaml");
        Files.writeString(file, "filter: tcp");
        watch = new ConfigWatch(file);
    }

    @Test
    void tellsAChangeOnceWhenTwoLooksHaveFoundIt() throws IOException {
        assertThat(watch.changed()).isFalse();

        Files.writeString(file, "filter: udp");

        assertThat(watch.changed()).isFalse();
        assertThat(watch.changed()).isTrue();
        assertThat(watch.changed()).isFalse();
    }

    @Test
    void doesNotTakeAFileThatIsBeingWritten() throws IOException {
        Files.writeString(file, "fil");
        assertThat(watch.changed()).isFalse();
        Files.writeString(file, "filter: udp");
        assertThat(watch.changed()).isFalse();
        assertThat(watch.changed()).isTrue();
    }

    @Test
    void takesAMissingFileForUnchangedAndItsSuccessorForNew() throws IOException {
        Files.delete(file);
        assertThat(watch.changed()).isFalse();
        assertThat(watch.changed()).isFalse();

        Files.writeString(file, "filter: icmp");

        assertThat(watch.changed()).isFalse();
        assertThat(watch.changed()).isTrue();
    }
}
