package dev.ringtail.sensor.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import dev.ringtail.cli.FileFaults;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Makes a [SensorConfig] of the defaults, a YAML file and what the command line changes, in that
/// order.
///
/// The keys that exist are those of `defaults.yaml`; any other is refused with its path.
public final class ConfigLoader {
    private static final YAMLMapper MAPPER =
            YAMLMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                    .build();
    private static final Pattern VARIABLE =
            Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");
    private static final String FREE_FORM_KEY = "kafka";

    /// Groups that are not there unless somebody names them, though their keys have defaults.
    private static final List<String> OPTIONAL_GROUPS = List.of("management");

    private final Map<String, String> environment;
    private final ObjectNode tree;
    private final ObjectNode optionalGroups = MAPPER.createObjectNode();
    private final Set<String> setKeys = new HashSet<>();
    private @Nullable Path file;

    /// @param environment variables that `${NAME}` in a value stands for
    public ConfigLoader(Map<String, String> environment) {
        this.environment = environment;
        try (InputStream defaults =
                Objects.requireNonNull(ConfigLoader.class.getResourceAsStream("defaults.yaml"))) {
            this.tree = (ObjectNode) MAPPER.readTree(defaults);
        } catch (IOException e) {
            throw new UncheckedIOException("The built-in defaults can't be read", e);
        }
        OPTIONAL_GROUPS.forEach(group -> optionalGroups.set(group, tree.remove(group)));
    }

    /// Changes what a YAML file names.
    ///
    /// @throws InvalidConfigException where the file can't be read or names an unknown key
    public ConfigLoader file(Path file) {
        this.file = file;
        try {
            JsonNode content = MAPPER.readTree(Files.readAllBytes(file));
            if (content instanceof ObjectNode changes) {
                OPTIONAL_GROUPS.stream().filter(changes::has).forEach(this::addGroup);
                merge(tree, changes, "");
            } else if (!content.isMissingNode() && !content.isNull()) {
                throw new InvalidConfigException("", "not a YAML mapping of keys");
            }
            return this;
        } catch (InvalidConfigException e) {
            throw e.in(file);
        } catch (JsonProcessingException e) {
            throw new InvalidConfigException("", file + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new InvalidConfigException(
                    "", "can't read " + file + ": " + FileFaults.reason(e));
        }
    }

    /// Puts an optional group in, unless it is there.
    private void addGroup(String group) {
        if (!tree.has(group)) {
            tree.set(group, optionalGroups.get(group).deepCopy());
        }
    }

    /// Changes one key.
    ///
    /// @param key its path, such as `lanes` or `record.file`
    /// @param value anything that Jackson turns into a tree: text, a number, a list; of a group, a
    ///   map of what changes in it
    public ConfigLoader set(String key, Object value) {
        setKeys.add(key);
        OPTIONAL_GROUPS.stream().filter(g -> key.startsWith(g + ".")).forEach(this::addGroup);
        int dot = key.lastIndexOf('.');
        ObjectNode parent =
                dot < 0 ? tree : tree.withObject("/" + key.substring(0, dot).replace('.', '/'));
        String name = key.substring(dot + 1);
        JsonNode node = MAPPER.valueToTree(value);
        if (node instanceof ObjectNode members && parent.get(name) instanceof ObjectNode group) {
            merge(group, members, key + ".");
        } else {
            parent.set(name, node);
        }
        return this;
    }

    /// Adds a setting of the Kafka client.
    public ConfigLoader kafka(String key, String value) {
        setKeys.add(FREE_FORM_KEY + "." + key);
        tree.withObject("/" + FREE_FORM_KEY).put(key, value);
        return this;
    }

    /// The configuration, checked.
    ///
    /// @throws InvalidConfigException naming the key, the value, and what is allowed; and the file,
    ///   if there is one and the key was not changed after it
    public SensorConfig load() {
        try {
            return toConfig();
        } catch (InvalidConfigException e) {
            throw file == null || wasSet(e.key()) ? e : e.in(file);
        }
    }

    private boolean wasSet(String key) {
        return setKeys.stream().anyMatch(set -> key.equals(set) || key.startsWith(set + "."));
    }

    private SensorConfig toConfig() {
        try {
            return MAPPER.treeToValue(tree, SensorConfig.class);
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof InvalidConfigException invalid) {
                throw invalid;
            }
            throw new InvalidConfigException(pathOf(e), problemOf(e));
        } catch (JsonProcessingException e) {
            throw new InvalidConfigException("", e.getOriginalMessage());
        }
    }

    private void merge(ObjectNode into, ObjectNode changes, String path) {
        for (Map.Entry<String, JsonNode> change : changes.properties()) {
            String key = change.getKey();
            JsonNode known = into.get(key);
            boolean freeForm = path.equals(FREE_FORM_KEY + ".");
            if (known == null && !freeForm) {
                TreeSet<String> allowed = new TreeSet<>();
                into.fieldNames().forEachRemaining(allowed::add);
                if (path.isEmpty()) {
                    allowed.addAll(OPTIONAL_GROUPS);
                }
                throw new InvalidConfigException(
                        path + key, "unknown key; allowed here are " + String.join(", ", allowed));
            }
            JsonNode value = change.getValue();
            if (value.isNull() && OPTIONAL_GROUPS.contains(path + key)) {
                continue; // Named alone: all of its defaults.
            }
            if (known instanceof ObjectNode group) {
                if (!(value instanceof ObjectNode members)) {
                    throw new InvalidConfigException(
                            path + key, "'" + value.asText() + "' is not a group of keys");
                }
                merge(group, members, path + key + ".");
            } else {
                into.set(key, expand(value, path + key));
            }
        }
    }

    private JsonNode expand(JsonNode value, String path) {
        if (!value.isTextual()) {
            return value;
        }
        Matcher matcher = VARIABLE.matcher(value.textValue());
        String expanded =
                matcher.replaceAll(
                        match -> {
                            String found = environment.getOrDefault(match.group(1), match.group(2));
                            if (found == null) {
                                throw new InvalidConfigException(
                                        path,
                                        "the environment variable "
                                                + match.group(1)
                                                + " is not set");
                            }
                            return Matcher.quoteReplacement(found);
                        });
        return TextNode.valueOf(expanded);
    }

    private static String pathOf(JsonMappingException e) {
        return e.getPath().stream()
                .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
                .collect(Collectors.joining("."));
    }

    private static String problemOf(JsonMappingException e) {
        return switch (e) {
            case UnrecognizedPropertyException unknown ->
                    "unknown key; allowed here are "
                            + unknown.getKnownPropertyIds().stream()
                                    .map(String::valueOf)
                                    .sorted()
                                    .collect(Collectors.joining(", "));
            case InvalidFormatException wrong when wrong.getTargetType().isEnum() ->
                    "'%s' is not one of %s"
                            .formatted(
                                    wrong.getValue(),
                                    Arrays.stream(wrong.getTargetType().getEnumConstants())
                                            .map(c -> String.valueOf(c).toLowerCase(Locale.ROOT))
                                            .collect(Collectors.joining(", ")));
            case MismatchedInputException wrong when isList(wrong.getTargetType()) ->
                    "it is not a list; write it in brackets, such as [eth0, eth1]";
            case MismatchedInputException wrong when wrong.getTargetType() == int.class ->
                    "it is not a whole number";
            case JsonMappingException other
                    when other.getCause() instanceof IllegalArgumentException argument ->
                    String.valueOf(argument.getMessage());
            default -> e.getOriginalMessage();
        };
    }

    private static boolean isList(@Nullable Class<?> type) {
        return type != null && Collection.class.isAssignableFrom(type);
    }
}
