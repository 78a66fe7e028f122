package dev.ringtail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

class FileFaultsTest {
    private interface Access {
        void to(Path file) throws IOException;
    }

    @TempDir private Path folder;

    @Test
    void saysInWordsWhatJavaSaysByTypes() throws IOException {
        Path loop = folder.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        Path latin1 = Files.write(folder.resolve("latin1"), new byte[] {(byte) 0xe4});
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(reason(Files::readString, folder.resolve("none")))
                .isEqualTo("no such file or folder");
        assertThat(reason(Files::readString, folder)).isEqualTo("Is a directory");
        assertThat(reason(Files::readString, loop)).startsWith("Too many levels of symbolic links");
        assertThat(reason(Files::readString, latin1)).isEqualTo("not UTF-8");
        assertThat(reason(Files::list, file)).isEqualTo("not a folder");
        assertThat(reason(Files::readString, file.resolve("below"))).isEqualTo("Not a directory");
    }

    @Test
    void namesTheTypeWhereNothingElseIsSaid() {
        assertThat(FileFaults.reason(new IOException())).isEqualTo("IOException");
        assertThat(FileFaults.reason(new FileAlreadyExistsException("x"))).isEqualTo("x");
    }

    private static String reason(Access access, Path file) {
        try {
            access.to(file);
        } catch (IOException e) {
            return FileFaults.reason(e);
        }
        throw new AssertionError("no fault of " + file);
    }
}
