package dev.ringtail.sensor.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class OutputFileTest {
    @TempDir private Path folder;

    @Test
    void takesBackWhatWasWrittenAfterTheLastFlush() throws IOException {
        Path file = folder.resolve("out");
        Files.write(file, new byte[100]);
        OutputFile out = OutputFile.create(file);
        out.write(new byte[] {1, 2, 3}, 0, 3);
        out.flush();
        out.write(new byte[] {4, 5}, 0, 2);
        assertThat(file).hasSize(5);
        out.takeBack();

        assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
    }

    @Test
    void leavesAClosedFileAsItIs() throws IOException {
        Path file = folder.resolve("out");
        OutputFile out = OutputFile.create(file);
        out.write(7);
        out.close();
        assertThatCode(out::takeBack).doesNotThrowAnyException();

        assertThat(file).hasBinaryContent(new byte[] {7});
    }

    @Test
    void writesADeviceThatCanNotBeSyncedNorCut() throws IOException {
        OutputFile out = OutputFile.create(Path.of("/dev/null"));
        out.write(7);
        out.takeBack();

        OutputFile closed = OutputFile.create(Path.of("/dev/null"));
        closed.write(7);
        closed.close();
    }
}
