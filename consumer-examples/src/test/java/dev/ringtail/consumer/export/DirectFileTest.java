package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

class DirectFileTest {
    private static final int MIB = 1 << 20;

    @TempDir private Path folder;

    /// Around what a disk takes at the least, what is written at a time, and all buffers together.
    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, 4_095, 4_096, 4_097, MIB - 1, MIB, MIB + 1, 3 * MIB, 9 * MIB + 4_099})
    void holdsWhatWasWrittenAndNothingElse(int length) throws IOException {
        long seed = 7;
        Random random = new Random(seed);
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        Path path = folder.resolve("file");
        OutputStream out = DirectFile.create(path);
        for (int at = 0; at < length; ) {
            int part = Math.min(length - at, 1 + random.nextInt(1 << (1 + random.nextInt(21))));
            if (part == 1) {
                out.write(bytes[at]);
            } else {
                out.write(bytes, at, part);
            }
            at += part;
            out.flush();
        }
        out.close();
        out.close();

        assertThat(path).as("seed %d", seed).hasBinaryContent(bytes);
    }

    private void assumeDisk() throws IOException {
        assumeThat(Files.getFileStore(folder).type()).isIn("ext4", "xfs", "btrfs");
    }

    @Test
    void diskFileSystemsDoWithoutThePageCache() throws IOException {
        assumeDisk();
        try (OutputStream out = DirectFile.create(folder.resolve("file"))) {
            assertThat(out).isInstanceOf(DirectFile.class);
        }
    }

    @Test
    void takesNothingWhenItIsClosed() throws IOException {
        Path path = folder.resolve("file");
        OutputStream out = DirectFile.create(path);
        out.close();

        assertThatThrownBy(() -> out.write(1)).isInstanceOf(IOException.class);
        assertThat(path).isEmptyFile();
    }

    @Test
    void givesUpWhenItsThreadIsInterrupted() throws IOException {
        assumeDisk();
        OutputStream out = DirectFile.create(folder.resolve("file"));
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(
                            () -> {
                                out.write(new byte[9 * MIB]);
                                out.close();
                            })
                    .isInstanceOf(IOException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThatThrownBy(out::close).isInstanceOf(IOException.class);
        out.close();
    }

    @Test
    void leavesAFileThatIsThereAlone() throws IOException {
        Path path = Files.writeString(folder.resolve("file"), "kept");

        assertThatThrownBy(() -> DirectFile.create(path))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(path).hasContent("kept");
    }
}
