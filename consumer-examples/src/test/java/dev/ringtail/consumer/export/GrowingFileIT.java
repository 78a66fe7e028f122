package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// On a disk of 1 MiB.
@Privileged
class GrowingFileIT {
    private static final byte[] BLOCK = new byte[300_000];

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void mount() {
        Tools.run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.toString()).orFail();
        file = folder.resolve("file");
    }

    @AfterEach
    void unmount() {
        Tools.run("umount", folder.toString()).orFail();
    }

    @Test
    void aFullDiskLeavesWholeWritesAlone() throws IOException {
        Files.write(file, new byte[1_000_000]);
        try (OutputStream out = new GrowingFile(file)) {
            for (int i = 0; i < 3; i++) {
                out.write(BLOCK);
            }
            assertThatThrownBy(() -> out.write(BLOCK)).hasMessage("No space left on device");
            assertThat(file).hasSize(3L * BLOCK.length);

            out.write(1);
        }
        assertThat(file).hasSize(3L * BLOCK.length + 1);
    }
}
