package dev.ringtail.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// That README, schema and defaults of the chart tell of the same values.
class ChartDocumentationTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Path CHART = Path.of("ringtail");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([^`]*)` \\| `([^`]*)` \\| (.+) \\|$");

    @Test
    void theReadmeHasEveryValueWithItsDefault() throws IOException {
        Map<String, JsonNode> rows = new TreeMap<>();
        for (var row : ROW.matcher(read("README.md")).results().toList()) {
            assertThat(rows.put(row.group(1), YAML.readTree(row.group(2)))).isNull();
        }

        assertThat(rows).isEqualTo(defaults());
    }

    /// Each value that is no mapping of others, by its path.
    private static Map<String, JsonNode> defaults() throws IOException {
        Map<String, JsonNode> leaves = new TreeMap<>();
        collect("", YAML.readTree(read("values.yaml")), leaves);
        return leaves;
    }

    private static void collect(String path, JsonNode tree, Map<String, JsonNode> into) {
        tree.properties()
                .forEach(
                        entry -> {
                            String key = path + entry.getKey();
                            if (entry.getValue().isObject() && !entry.getValue().isEmpty()) {
                                collect(key + ".", entry.getValue(), into);
                            } else {
                                into.put(key, entry.getValue());
                            }
                        });
    }

    @Test
    void theSchemaRefusesWhatItDoesNotList() throws IOException {
        List<String> open = new ArrayList<>();
        JsonNode schema = schema();
        collectOpenObjects("", schema, open);

        // Helm's own, and maps of texts whose keys are the operator's.
        assertThat(open).containsExactlyInAnyOrder("/properties/global", "/$defs/texts");
    }

    private static void collectOpenObjects(String path, JsonNode node, List<String> open) {
        if (node.path("type").asText().equals("object")
                && !node.path("additionalProperties")
                        .equals(YAML.getNodeFactory().booleanNode(false))) {
            open.add(path);
        }
        node.properties()
                .forEach(e -> collectOpenObjects(path + "/" + e.getKey(), e.getValue(), open));
    }

    @Test
    void theSchemaHasADefaultForEverythingThatIsNotTheSensors() throws IOException {
        List<String> without = new ArrayList<>();
        collectWithoutDefault("", schema(), YAML.readTree(read("values.yaml")), without);

        assertThat(without.stream().filter(key -> !key.startsWith("/sensor/config/")))
                .containsExactlyInAnyOrder(
                        "/global",
                        "/kafka/properties/bootstrap.servers",
                        "/sensor/profiles/default",
                        "/sensor/resources/requests/ephemeral-storage",
                        "/sensor/resources/limits/cpu",
                        "/sensor/resources/limits/ephemeral-storage",
                        "/flows/resources/requests/ephemeral-storage",
                        "/flows/resources/limits/cpu",
                        "/flows/resources/limits/ephemeral-storage",
                        "/sensor/affinity/nodeAffinity",
                        "/sensor/affinity/podAffinity",
                        "/sensor/affinity/podAntiAffinity",
                        "/flows/affinity/nodeAffinity",
                        "/flows/affinity/podAffinity",
                        "/flows/affinity/podAntiAffinity");
    }

    private static void collectWithoutDefault(
            String path, JsonNode schema, JsonNode defaults, List<String> without)
            throws IOException {
        JsonNode resolved =
                schema.has("$ref")
                        ? schema().at(schema.path("$ref").asText().substring(1))
                        : schema;
        for (var entry : resolved.path("properties").properties()) {
            String key = path + "/" + entry.getKey();
            JsonNode value = defaults.get(entry.getKey());
            if (value == null) {
                without.add(key);
            } else {
                collectWithoutDefault(key, entry.getValue(), value, without);
            }
        }
    }

    private static JsonNode schema() throws IOException {
        return YAML.readTree(read("values.schema.json"));
    }

    private static String read(String file) throws IOException {
        return Files.readString(CHART.resolve(file));
    }
}
