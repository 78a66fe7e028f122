package dev.ringtail.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// Holds every published version (`src/test/resources/history/NAME-FINGERPRINT.avsc`) against the
/// newest. A version is published by its file, which is never changed.
class SchemaCompatibilityTest {
    private static final Path HISTORY = Path.of("src/test/resources/history");
    private static final Map<String, Schema> NEWEST =
            Map.of(
                    "PacketBatch", PacketBatch.getClassSchema(),
                    "SensorReport", SensorReport.getClassSchema(),
                    "FlowRecord", FlowRecord.getClassSchema());

    static List<Path> published() throws IOException {
        try (Stream<Path> files = Files.list(HISTORY)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("published")
    void readsEveryPublishedVersionAndIsReadByIt(Path file) throws IOException {
        Schema old = new Schema.Parser().parse(file.toFile());
        Schema newest = Objects.requireNonNull(NEWEST.get(old.getName()), old.getName());

        assertThat(compatibility(newest, old)).isEqualTo(SchemaCompatibilityType.COMPATIBLE);
        assertThat(compatibility(old, newest)).isEqualTo(SchemaCompatibilityType.COMPATIBLE);
        assertThat(file.getFileName().toString())
                .as("a published version must not be changed")
                .isEqualTo(fileName(old));
    }

    @Test
    void newestVersionIsPublished() throws IOException {
        List<String> names =
                published().stream().map(file -> file.getFileName().toString()).toList();

        assertThat(names)
                .as("copy a changed schema into %s under its new name", HISTORY)
                .containsAll(
                        NEWEST.values().stream().map(SchemaCompatibilityTest::fileName).toList());
    }

    private static SchemaCompatibilityType compatibility(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType();
    }

    private static String fileName(Schema schema) {
        String fingerprint = SingleObject.fingerprintText(SingleObject.fingerprint(schema));
        return schema.getName() + "-" + fingerprint + ".avsc";
    }
}
