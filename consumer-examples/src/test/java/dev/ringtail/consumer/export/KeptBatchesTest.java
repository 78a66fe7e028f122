package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.consumer.CommandException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

class KeptBatchesTest {
    /// Bytes that a value takes in the file.
    private static final int PLACE_BYTES = 4096;

    @TempDir private Path folder;

    @Test
    void keepsWhatThereIsRoomFor() {
        try (KeptBatches kept = new KeptBatches(folder, 3 * PLACE_BYTES)) {
            for (int batch = 0; batch < 5; batch++) {
                assertThat(kept.keep(batch, value(batch))).isEqualTo(batch < 3);
                assertThat(kept.has(batch)).isEqualTo(batch < 3);
            }
            assertThat(kept.take(1)).isEqualTo(value(1));
            assertThat(kept.take(1)).isNull();
            assertThat(kept.take(4)).isNull();

            assertThat(kept.keep(5, value(5))).isTrue();
            assertThat(kept.keep(6, value(6))).isFalse();
            assertThat(kept.take(0)).isEqualTo(value(0));
            assertThat(kept.take(5)).isEqualTo(value(5));
            assertThat(kept.take(2)).isEqualTo(value(2));
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void makesWayForWhatElseHasToBeWritten() {
        try (KeptBatches kept = new KeptBatches(folder, PLACE_BYTES)) {
            assertThat(kept.keep(0, value(0))).isTrue();
            int[] attempts = new int[1];

            kept.makeWayFor(() -> attempts[0]++);
            assertThat(attempts[0]).isEqualTo(1);
            assertThat(kept.has(0)).isTrue();

            kept.makeWayFor(
                    () -> {
                        if (attempts[0]++ == 1) {
                            throw new CommandException("full");
                        }
                    });
            assertThat(attempts[0]).isEqualTo(3);
            assertThat(kept.has(0)).isFalse();
            assertThat(kept.take(0)).isNull();
            assertThat(kept.keep(1, value(1))).isFalse();

            assertThatThrownBy(
                            () ->
                                    kept.makeWayFor(
                                            () -> {
                                                attempts[0]++;
                                                throw new CommandException("still full");
                                            }))
                    .isInstanceOf(CommandException.class)
                    .hasMessage("still full");
            assertThat(attempts[0]).isEqualTo(4);
        }
    }

    @Test
    void keepsNothingWhereItCannotWrite() {
        try (KeptBatches kept = new KeptBatches(folder.resolve("missing"), Long.MAX_VALUE)) {
            assertThat(kept.keep(0, value(0))).isFalse();
            assertThat(kept.has(0)).isFalse();
        }
    }

    private static ByteBuffer value(int batch) {
        return ByteBuffer.wrap(("value " + batch).getBytes(StandardCharsets.UTF_8));
    }
}
