package dev.ringtail.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.apache.avro.Schema;

import java.io.UncheckedIOException;
import java.util.List;

/// Schemas as others should see them.
public final class SchemaJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JAVA_STRING = "avro.java.string";

    private SchemaJson() {}

    /// The schema without the marks that tell Avro's Java code generator which string class to use.
    public static String of(Schema schema) {
        try {
            JsonNode tree = JSON.readTree(schema.toString());
            // The search does not look inside what it finds.
            List<JsonNode> marked = tree.findParents(JAVA_STRING);
            while (!marked.isEmpty()) {
                marked.forEach(node -> ((ObjectNode) node).remove(JAVA_STRING));
                marked = tree.findParents(JAVA_STRING);
            }
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("JSON that Avro wrote", e);
        }
    }
}
