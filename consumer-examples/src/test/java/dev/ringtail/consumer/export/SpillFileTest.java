package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.consumer.CommandException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
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
        long end = 0;
        try (SpillFile file = new SpillFile(folder, 0)) {
            for (int i = 0; i < 2_000; i++) {
                byte[] bytes = new byte[10 + random.nextInt(1 << (4 + random.nextInt(14)))];
                random.nextBytes(bytes);
                int offset = random.nextInt(10);
                long position = file.write(ByteBuffer.wrap(bytes, offset, bytes.length - offset));
                end = Math.max(end, position + bytes.length);
                kept.add(new Kept(position, Arrays.copyOfRange(bytes, offset, bytes.length)));
                if (kept.size() > 20) {
                    Kept oldest = kept.remove(random.nextInt(kept.size()));
                    byte[] array = new byte[oldest.bytes.length + 1];
                    file.read(oldest.position, array, oldest.bytes.length);
                    assertThat(array)
                            .as("seed %d, %d", seed, i)
                            .isEqualTo(Arrays.copyOf(oldest.bytes, array.length));
                    file.free(oldest.position, oldest.bytes.length);
                }
                assertThat(folder).as("a file has no name").isEmptyDirectory();
            }
            // Of each power of two of bytes at most all that were there at one time.
            assertThat(end).as("seed %d", seed).isLessThan(21 * 2 * (1L << 18));
            assertThat(file.usedPlaces()).isEqualTo(kept.size());
        }
    }

    @Test
    void theMorePlacesThereAreTheLessIsReadAtATime() {
        try (SpillFile file = new SpillFile(folder, 20_000)) {
            List<Integer> spans = new ArrayList<>();
            for (int places = 0; places < 100; places++) {
                spans.add(file.spanBytes());
                file.write(ByteBuffer.allocate(1));
            }
            assertThat(spans.getFirst()).isEqualTo(8 * 1024);
            assertThat(spans.get(9)).isEqualTo(2_000);
            assertThat(spans.getLast()).isEqualTo(512);
        }
    }

    @Test
    void saysWhereItCannotWrite() {
        Path missing = folder.resolve("missing");
        try (SpillFile file = new SpillFile(missing, 0)) {
            assertThatThrownBy(() -> file.write(ByteBuffer.allocate(1)))
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining(missing.toString())
                    .hasMessageContaining("no such folder");
        }
    }
}
