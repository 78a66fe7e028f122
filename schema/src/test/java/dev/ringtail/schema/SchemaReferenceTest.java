package dev.ringtail.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Holds the records in `docs/reference/schema.md` equal to the `.avsc` files; with
/// `-Ddocs.write=true` writes them anew. What is above them in the page is written by hand.
class SchemaReferenceTest {
    private static final Path REFERENCE = Path.of("..", "docs", "reference", "schema.md");
    private static final Path SCHEMAS = Path.of("src", "main", "avro");
    private static final List<String> RECORDS =
            List.of("PacketBatch", "SensorReport", "FlowRecord");

    private static final String BEGIN =
            """
            <!-- Made of the .avsc files from here on, by:
            mvn -B test -pl schema -Dtest=SchemaReferenceTest -Ddocs.write=true
            -->
            """;

    @Test
    void recordsAreThoseOfTheSchemas() throws Exception {
        List<String> sections = new ArrayList<>();
        for (String record : RECORDS) {
            addRecord(
                    new Schema.Parser().parse(SCHEMAS.resolve(record + ".avsc").toFile()),
                    "##",
                    sections);
        }
        String written = Files.readString(REFERENCE);
        assertThat(written).containsOnlyOnce(BEGIN);
        String page =
                written.substring(0, written.indexOf(BEGIN)) + BEGIN + String.join("", sections);
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(REFERENCE, page);
        }
        assertThat(Files.readString(REFERENCE)).isEqualTo(page);
    }

    @Test
    void everySchemaIsOnThePage() throws Exception {
        try (Stream<Path> files = Files.list(SCHEMAS)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            RECORDS.stream().map(record -> record + ".avsc").toList());
        }
    }

    /// A section of the record, then one of each record and enum that is declared within it.
    private static void addRecord(Schema record, String heading, List<String> sections) {
        String rows =
                record.getFields().stream()
                        .map(SchemaReferenceTest::row)
                        .collect(Collectors.joining());
        sections.add(
                "\n%s %s\n\n%s%s\n\n| field | type | default | meaning |\n| --- | --- | --- | --- |\n%s"
                        .formatted(
                                heading,
                                record.getName(),
                                record.getDoc(),
                                version(record, heading),
                                rows));
        for (Schema.Field field : record.getFields()) {
            Schema named = innermost(field.schema());
            boolean described =
                    sections.stream()
                            .anyMatch(s -> s.startsWith("\n### " + named.getName() + "\n"));
            if (named.getType() == Schema.Type.RECORD && !described) {
                addRecord(named, "###", sections);
            } else if (named.getType() == Schema.Type.ENUM && !described) {
                sections.add(enumeration(named));
            }
        }
    }

    private static String version(Schema record, String heading) {
        return heading.equals("##")
                ? " Fingerprint of this version: `%s`."
                        .formatted(SingleObject.fingerprintText(SingleObject.fingerprint(record)))
                : "";
    }

    private static String enumeration(Schema symbols) {
        return "\n### %s\n\n%s Symbols, from 0: %s. One that a reader does not know is read as `%s`.\n"
                .formatted(
                        symbols.getName(),
                        symbols.getDoc(),
                        symbols.getEnumSymbols().stream()
                                .map(symbol -> "`" + symbol + "`")
                                .collect(Collectors.joining(", ")),
                        symbols.getEnumDefault());
    }

    private static String row(Schema.Field field) {
        assertThat(field.doc()).as("doc of " + field.name()).isNotBlank().doesNotContain("|");
        return "| `%s` | %s | %s | %s |\n"
                .formatted(field.name(), type(field.schema()), defaultValue(field), field.doc());
    }

    private static String type(Schema schema) {
        return switch (schema.getType()) {
            case ARRAY -> "array of " + type(schema.getElementType());
            case MAP -> "map of " + type(schema.getValueType());
            case RECORD, ENUM ->
                    "[%s](#%s)"
                            .formatted(schema.getName(), schema.getName().toLowerCase(Locale.ROOT));
            default -> schema.getType().getName();
        };
    }

    private static Schema innermost(Schema schema) {
        return switch (schema.getType()) {
            case ARRAY -> innermost(schema.getElementType());
            case MAP -> innermost(schema.getValueType());
            default -> schema;
        };
    }

    private static String defaultValue(Schema.Field field) {
        return field.hasDefaultValue() ? "`%s`".formatted(json(field.defaultVal())) : "";
    }

    private static String json(Object value) {
        return value instanceof String text ? '"' + text + '"' : String.valueOf(value);
    }
}
