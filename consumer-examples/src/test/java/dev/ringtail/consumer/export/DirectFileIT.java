package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/// On file systems of the kernel's own: `tmpfs`, which takes `O_DIRECT` from Linux 6.6 on, and
/// `ramfs`, which does not.
@Privileged
class DirectFileIT {
    private static final byte[] MIB = new byte[1 << 20];

    @TempDir private Path folder;

    private Path mount(String type, String options) {
        Tools.run("mount", "-t", type, "-o", options, type, folder.toString()).orFail();
        return folder.resolve("file");
    }

    @AfterEach
    void unmount() {
        Tools.run("umount", folder.toString()).orFail();
    }

    @Test
    void aFullDiskFailsTheWriting() throws IOException {
        OutputStream out = DirectFile.create(mount("tmpfs", "size=4m"));

        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 20; i++) {
                                out.write(MIB);
                            }
                        })
                .isInstanceOf(IOException.class)
                .hasMessage("No space left on device");
        if (out instanceof DirectFile) {
            assertThatThrownBy(out::close).hasMessage("No space left on device");
        }
        out.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("rt-write");
    }

    @Test
    void aDiskThatIsFullAtTheEndFailsAtTheLatestWhenItIsClosed() throws IOException {
        OutputStream out = DirectFile.create(mount("tmpfs", "size=4m"));
        for (int i = 0; i < 4; i++) {
            out.write(MIB);
        }

        assertThatThrownBy(
                        () -> {
                            try (out) {
                                out.write(1);
                            }
                        })
                .hasMessage("No space left on device");
    }

    @Test
    void aFileSystemThatNeedsThePageCacheGetsAnOrdinaryFile() throws IOException {
        Path path = mount("ramfs", "mode=700");
        try (OutputStream out = DirectFile.create(path)) {
            assertThat(out).isNotInstanceOf(DirectFile.class);
            out.write(MIB);
            out.write(1);
        }

        assertThat(path).hasSize(MIB.length + 1);
    }
}
