package dev.ringtail.sensor.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class SummaryFileTest {
    @TempDir private Path folder;

    @Test
    void takesAFileThatIsThereOrNot() throws IOException {
        Path old = Files.writeString(folder.resolve("old.json"), "{}");
        Path capture = Files.writeString(folder.resolve("in.pcap"), "");

        assertThatCode(
                        () -> {
                            SummaryFile.check(null, List.of(capture));
                            SummaryFile.check(old, List.of(capture));
                            SummaryFile.check(folder.resolve("new.json"), List.of(capture));
                            SummaryFile.check(Path.of("/dev/null"), List.of(capture));
                            SummaryFile.check(old, List.of(Path.of("-"), Path.of("gone/in.pcap")));
                        })
                .doesNotThrowAnyException();
    }

    @Test
    void refusesWhatCannotBeWritten() {
        assertThatThrownBy(() -> SummaryFile.check(folder))
                .hasMessageContaining("--summary", folder + " is a folder");
        assertThatThrownBy(() -> SummaryFile.check(folder.resolve("none/s.json")))
                .hasMessageContaining("--summary", "no such folder: ");
    }

    @Test
    void refusesTheCaptureByWhateverName() throws IOException {
        Path there = Files.writeString(folder.resolve("in.pcap"), "");
        Path link = Files.createSymbolicLink(folder.resolve("link"), there);
        Path linkedFolder = Files.createSymbolicLink(folder.resolve("also"), folder);
        Files.createDirectory(folder.resolve("x"));
        Path coming = folder.resolve("out.pcapng");

        refuses(there, there);
        refuses(link, there);
        refuses(there, folder.resolve("x/../in.pcap"));
        refuses(coming, coming);
        refuses(coming, folder.resolve("x/../out.pcapng"));
        refuses(linkedFolder.resolve("out.pcapng"), coming);
    }

    private static void refuses(Path summary, Path capture) {
        assertThatThrownBy(() -> SummaryFile.check(summary, List.of(Path.of("other"), capture)))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("is the capture file");
    }
}
