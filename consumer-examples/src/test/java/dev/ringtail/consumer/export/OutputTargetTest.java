package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.consumer.CommandException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.OutputStream;
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
    void saysOfAFileThatIsKeptWhatRemains() {
        IOException full = new IOException("No space left on device");

        try (OutputTarget kept = OutputTarget.open(file.toString(), true)) {
            assertThat(kept.cannotWrite(full))
                    .hasMessageEndingWith("; what came before is in it, in whole packets");
        }
        try (OutputTarget revoked = OutputTarget.open(file.toString(), false)) {
            assertThat(revoked.cannotWrite(full)).hasMessageEndingWith("No space left on device");
        }
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
    void keepsThePermissionsOfTheSameGroup() throws Exception {
        Files.writeString(file, "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        write(file);

        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    }

    @Test
    void whatIsToReplaceAFileIsItsOwnersAloneUntilItMayBeMore() throws Exception {
        try (OutputStream _ = DirectFile.create(file, OutputTarget.OWNER_ALONE)) {
            assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PRIVATE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rw-r--r--, rw-r--r--",
        "rw-r-----, rw-------",
        "rw----r--, rw-------",
        "rw-rw-r--, rw-r--r--",
        "rwxrwxrwx, rwxrwxrwx"
    })
    void inAnotherGroupLetsNobodyInWhoWasKeptOut(String old, String changed) {
        assertThat(OutputTarget.withoutGroup(PosixFilePermissions.fromString(old)))
                .isEqualTo(PosixFilePermissions.fromString(changed));
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
