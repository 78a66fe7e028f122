package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.consumer.CommandException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

class SpillFileTest {
    private record Kept(long position, byte[] bytes) {}

    @TempDir private Path folder;

    @Test
    void keepsWhatIsNotFreedAndUsesPlacesAgain() {
        long seed = 4;
        Random random = new Random(seed);
        List<Kept> kept = new ArrayList<>();
        try (SpillFile file = new SpillFile(folder)) {
            for (int i = 0; i < 2_000; i++) {
                byte[] bytes = new byte[10 + random.nextInt(1 << (4 + random.nextInt(14)))];
                random.nextBytes(bytes);
                int offset = random.nextInt(10);
                long position = file.write(bytes, offset, bytes.length - offset);
                kept.add(new Kept(position, Arrays.copyOfRange(bytes, offset, bytes.length)));
                if (kept.size() > 20) {
                    Kept oldest = kept.remove(random.nextInt(kept.size()));
                    assertThat(file.read(oldest.position, oldest.bytes.length))
                            .as("seed %d, %d", seed, i)
                            .isEqualTo(oldest.bytes);
                    file.free(oldest.position, oldest.bytes.length);
                }
                assertThat(folder).as("a file has no name").isEmptyDirectory();
            }
            // Of each power of two of bytes at most all that were there at one time.
            assertThat(file.bytes()).isLessThan(21 * 2 * (1L << 18));
        }
    }

    @Test
    void saysWhereItCannotWrite() {
        Path missing = folder.resolve("missing");
        try (SpillFile file = new SpillFile(missing)) {
            assertThatThrownBy(() -> file.write(new byte[1], 0, 1))
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining(missing.toString())
                    .hasMessageContaining("no such folder");
        }
    }
}
