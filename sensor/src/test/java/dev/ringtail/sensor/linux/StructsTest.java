package dev.ringtail.sensor.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/// Holds every struct against the C compiler's offsets; src/test/c/struct-offsets.c made the
/// fixture.
class StructsTest {
    @Test
    void agreeWithTheCompilerInEveryOffsetAndSize() throws IOException {
        TreeSet<String> ours = new TreeSet<>();
        for (StructLayout struct : Structs.ALL) {
            String name = struct.name().orElseThrow();
            ours.add(name + " sizeof " + struct.byteSize());
            for (MemoryLayout member : struct.memberLayouts()) {
                member.name()
                        .ifPresent(
                                m -> ours.add(name + " " + m + " " + Structs.offsetOf(struct, m)));
            }
        }

        assertThat(ours).containsExactlyElementsOf(new TreeSet<>(compilersOffsets()));
    }

    private static List<String> compilersOffsets() throws IOException {
        try (InputStream fixture =
                Objects.requireNonNull(
                        StructsTest.class.getResourceAsStream("struct-offsets.txt"))) {
            return new String(fixture.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
        }
    }
}
