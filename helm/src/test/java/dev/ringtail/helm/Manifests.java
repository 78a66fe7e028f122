package dev.ringtail.helm;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Rendered manifests, each read into the type of its kind. A property that the type does not have,
/// a kind that is not known here, or a key that is there twice is an error.
///
/// @param objects of all kinds, in Helm's order
record Manifests(List<Object> objects) {
    private static final Map<String, Class<?>> TYPES =
            Map.of(
                    "v1 ConfigMap", ConfigMap.class,
                    "v1 Pod", Pod.class,
                    "v1 Service", Service.class,
                    "v1 ServiceAccount", ServiceAccount.class,
                    "apps/v1 DaemonSet", DaemonSet.class,
                    "apps/v1 Deployment", Deployment.class,
                    "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
                    "monitoring.coreos.com/v1 PodMonitor", PodMonitor.class,
                    "monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class);

    private static final YAMLMapper YAML =
            YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

    private static final JsonMapper STRICT =
            JsonMapper.builder()
                    .annotationIntrospector(new NoAnySetter())
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    /// The Kubernetes model keeps what it does not know in maps (`additionalProperties`), which
    /// would let a typing error pass.
    private static final class NoAnySetter extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(MapperConfig<?> config, Annotated annotated) {
            return false;
        }
    }

    /// Reads the documents of a YAML stream.
    static Manifests parse(String yaml) {
        List<Object> objects = new ArrayList<>();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml.strip())) {
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                if (!document.isNull()) {
                    objects.add(read(document));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Manifests(objects);
    }

    private static Object read(JsonNode document) {
        String kind = document.path("apiVersion").asText() + " " + document.path("kind").asText();
        Class<?> type = Objects.requireNonNull(TYPES.get(kind), "no type is known for " + kind);
        return STRICT.readValue(document.toString(), type);
    }

    /// All objects of a kind.
    <T> List<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /// The object of a kind and name.
    ///
    /// @param suffix what comes after the release's and the chart's name
    <T extends HasMetadata> T one(Class<T> type, String suffix) {
        String name = Chart.RELEASE + "-ringtail" + suffix;
        return all(type).stream()
                .filter(o -> o.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " " + name));
    }
}
