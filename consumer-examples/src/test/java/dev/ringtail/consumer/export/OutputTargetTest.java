package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.consumer.CommandException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

class OutputTargetTest {
    private static final byte[] NEW = "new".getBytes(StandardCharsets.UTF_8);
    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rw-------");

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void setUp() {
        file = folder.resolve("out");
    }

    private static void write(Path to) throws IOException {
        try (OutputTarget target = OutputTarget.open(to.toString(), false)) {
            target.stream().write(NEW);
            target.stream().close();
            target.commit();
        }
    }

    private long fileCount() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    @Test
    void leavesTheOldFileUntilTheNewOneIsCommitted() throws Exception {
        Files.writeString(file, "old");

        try (OutputTarget target = OutputTarget.open(file.toString(), false)) {
            target.stream().write(NEW);
            target.stream().close();
            assertThat(file).hasContent("old");
        }

        assertThat(file).hasContent("old");
        assertThat(fileCount()).isEqualTo(1);
    }

    @Test
    void replacesAFileWithoutLettingOthersIn() throws Exception {
        Files.writeString(file, "old");
        Files.setPosixFilePermissions(file, PRIVATE);

        write(file);

        assertThat(file).hasContent("new");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PRIVATE);
    }

    @Test
    void writesWhereALinkPointsTo() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("other"));
        Path other = Files.createSymbolicLink(folder.resolve("other"), file);

        write(link);

        assertThat(link).isSymbolicLink();
        assertThat(other).isSymbolicLink();
        assertThat(file).hasContent("new");
        assertThat(fileCount()).isEqualTo(3);
    }

    @Test
    void refusesALinkToItself() throws Exception {
        Path link = folder.resolve("link");
        Files.createSymbolicLink(link, link);

        assertThatThrownBy(() -> OutputTarget.open(link.toString(), false))
                .isInstanceOf(CommandException.class)
                .hasMessage("cannot write " + link + ": too many symbolic links");
    }

    @Test
    void keepsWhatWasWholeOfAFileThatGrows() throws Exception {
        Files.writeString(file, "old and longer");

        try (OutputTarget target = OutputTarget.open(file.toString(), true)) {
            assertThat(target.isRevocable()).isFalse();
            target.stream().write(NEW);
            target.stream().flush();
            target.markWhole();
            assertThat(file).hasContent("new");
            target.stream().write("a part".getBytes(StandardCharsets.UTF_8));
            target.cutToWhole();
        }

        assertThat(file).hasContent("new");
        assertThat(fileCount()).isEqualTo(1);
    }
}
