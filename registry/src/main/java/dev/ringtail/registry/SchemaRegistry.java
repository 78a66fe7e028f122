package dev.ringtail.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// The few calls of Confluent's schema registry API that a wire format needs. Every call ends
/// within seconds; where several URLs are given, the next is tried when one does not answer.
///
/// Confluent's own client is not on Maven Central, and the clients that are there speak their own
/// registry's API alone.
///
/// @see <a
///   href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Confluent's
///   API</a>
public final class SchemaRegistry implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(SchemaRegistry.class);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int TOO_MANY_REQUESTS = 429;

    /// What is answered for an id that is not there, or can't be one.
    private static final Set<Integer> NO_SUCH_ID = Set.of(NOT_FOUND, 400, 422);

    private static final String AVRO = "AVRO";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegistrySettings settings;
    private final HttpClient http;

    /// Connects to nothing yet.
    public SchemaRegistry(RegistrySettings settings) {
        this.settings = settings;
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT);
        if (settings.sslContext() != null) {
            builder.sslContext(settings.sslContext());
        }
        this.http = builder.build();
    }

    /// Brings a schema under a subject, which changes nothing where it is there already.
    ///
    /// @return its id
    /// @throws RegistryException if the registry does not answer, or does not take it
    int register(String subject, Schema schema) {
        Answer answer = post("subjects/" + segment(subject) + "/versions", schema);
        if (answer.status() == CONFLICT) {
            throw RegistryException.lasting(
                    "Schema registry at %s: %s %s is not compatible with the versions under subject %s: %s"
                            .formatted(
                                    settings,
                                    "schema",
                                    schema.getName(),
                                    subject,
                                    answer.message()));
        }
        return id(
                answer,
                "can't register schema %s under subject %s".formatted(schema.getName(), subject));
    }

    /// Looks a schema up that must be under a subject already.
    ///
    /// @return its id
    /// @throws RegistryException if it is not there, or the registry does not answer
    int id(String subject, Schema schema) {
        Answer answer = post("subjects/" + segment(subject), schema);
        return id(
                answer,
                "schema %s is not under subject %s, and auto.register.schemas is false"
                        .formatted(schema.getName(), subject));
    }

    /// Fetches the Avro schema of an id. The id comes from a record, which may be anybody's: one
    /// that can't be a batch's is no fault of the registry.
    ///
    /// @return null if there is none, or the schema is of another kind, which is logged
    /// @throws RegistryException if the registry does not answer, or does not let us ask
    @Nullable Schema schema(int id) {
        Answer answer = send("GET", "schemas/ids/" + id, null);
        if (NO_SUCH_ID.contains(answer.status())) {
            return null;
        }
        String text = answer.field("schema", "can't fetch schema " + id).asText();
        String type = answer.tree().path("schemaType").asText(AVRO);
        if (!type.equals(AVRO)) {
            LOGGER.warn("Schema registry at {}: schema {} is of type {}", settings, id, type);
            return null;
        }
        try {
            return new Schema.Parser().parse(text);
        } catch (AvroRuntimeException e) {
            LOGGER.warn(
                    "Schema registry at {}: schema {} is no Avro schema: {}",
                    settings,
                    id,
                    e.getMessage());
            return null;
        }
    }

    /// The compatibility level of a subject's own.
    ///
    /// @return null if it has none
    /// @throws RegistryException if the registry does not answer
    @Nullable String compatibility(String subject) {
        Answer answer = send("GET", "config/" + segment(subject), null);
        return answer.status() == NOT_FOUND
                ? null
                : answer.field("compatibilityLevel", "can't read the rule of subject " + subject)
                        .asText();
    }

    /// Sets the compatibility level of a subject, which need not be there yet.
    ///
    /// @throws RegistryException if the registry does not answer, or does not allow it
    void setCompatibility(String subject, String level) {
        Answer answer =
                send("PUT", "config/" + segment(subject), json(Map.of("compatibility", level)));
        JsonNode _ =
                answer.field(
                        "compatibility",
                        "can't set the compatibility of subject %s to %s"
                                .formatted(subject, level));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private Answer post(String path, Schema schema) {
        return send("POST", path, json(Map.of("schema", SchemaJson.of(schema))));
    }

    private static int id(Answer answer, String attempt) {
        return answer.field("id", attempt).asInt();
    }

    /// @throws RegistryException if no registry answers
    private Answer send(String method, String path, @Nullable String body) {
        @Nullable RegistryException fault = null;
        for (URI url : settings.urls()) {
            try {
                return send(url, method, path, body);
            } catch (RegistryException e) {
                fault = e;
            }
        }
        throw java.util.Objects.requireNonNull(fault, "there is a URL at least");
    }

    private Answer send(URI url, String method, String path, @Nullable String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url.resolve(path))
                        .timeout(ANSWER_TIMEOUT)
                        .header("Accept", MEDIA_TYPE)
                        .header("Content-Type", MEDIA_TYPE)
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        if (settings.authorization() != null) {
            request.header("Authorization", settings.authorization());
        }
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            Answer answer = new Answer(url, response.statusCode(), response.body());
            if (answer.status() >= 500 || answer.status() == TOO_MANY_REQUESTS) {
                throw RegistryException.passing(answer.refusal("it can't answer now"));
            }
            return answer;
        } catch (IOException e) {
            throw RegistryException.passing(
                    "Schema registry can't be reached at %s: %s. Is it running, and is schema.registry.url right?"
                            .formatted(url, RegistryException.describe(e)),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RegistryException.lasting("Interrupted while asking the schema registry", e);
        }
    }

    private static String json(Map<String, String> object) {
        try {
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("strings are valid JSON", e);
        }
    }

    /// One part of a path. A topic's name needs no quoting, but a prefix is no promise.
    private static String segment(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// What a registry answered.
    private record Answer(URI url, int status, String body) {
        /// A field of an answer that grants what was asked.
        ///
        /// @param attempt what was asked, for the error
        JsonNode field(String name, String attempt) {
            @Nullable JsonNode field = status == 200 ? tree().get(name) : null;
            if (field == null) {
                throw RegistryException.lasting(refusal(attempt));
            }
            return field;
        }

        String refusal(String attempt) {
            return "Schema registry at %s: %s: HTTP status %d, %s"
                    .formatted(url, attempt, status, message());
        }

        /// The registry's own words.
        String message() {
            String message = tree().path("message").asText();
            return message.isEmpty() ? "without a message of a schema registry" : message;
        }

        private JsonNode tree() {
            try {
                @Nullable JsonNode tree = JSON.readTree(body);
                return tree == null ? JSON.createObjectNode() : tree;
            } catch (JsonProcessingException e) {
                return JSON.createObjectNode(); // A proxy's page, or no registry at all.
            }
        }
    }
}
