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
    void lettingTheGroupInTakesItsGroup() throws Exception {
        Files.writeString(file, "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        write(file);

        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    }

    @Test
    void whatIsToReplaceAFileIsItsOwnersAloneUntilItMayBeMore() throws Exception {
        Files.writeString(file, "old");
        Files.setPosixFilePermissions(file, PRIVATE);

        try (OutputTarget target = OutputTarget.open(file.toString(), false)) {
            assertThat(target.isRevocable()).isTrue();
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files)
                        .hasSize(2)
                        .allSatisfy(
                                path ->
                                        assertThat(Files.getPosixFilePermissions(path))
                                                .isEqualTo(PRIVATE));
            }
        }
    }

    /// Bash names the pipe of `>(command)` by a link of procfs, and so is /dev/stdout.
    @Test
    void writesIntoAPipeBehindALinkOfProcfs() throws Exception {
        String script = "exec 3> >(cat); cd /; ls -l /proc/self/fd/3 >&2; sleep 60 >&3";
        Process process = new ProcessBuilder("bash", "-c", script).start();
        try {
            assertThat(process.errorReader().readLine()).contains("pipe:");
            String name = "/proc/" + process.pid() + "/fd/3";
            assertThat(OutputTarget.isRevocable(name)).isFalse();
            try (OutputTarget target = OutputTarget.open(name, false)) {
                target.stream().write(NEW);
                target.stream().close();
                target.commit();
            }
            byte[] read = process.getInputStream().readNBytes(NEW.length);
            assertThat(read).isEqualTo(NEW);
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }
}
