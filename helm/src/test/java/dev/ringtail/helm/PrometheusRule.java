package dev.ringtail.helm;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.fabric8.kubernetes.api.model.ObjectMeta;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// Of the Prometheus operator's kind what a file of alerts can hold; the names are those of [its
/// API](https://prometheus-operator.dev/docs/api-reference/api/) and of Prometheus's rule files.
record PrometheusRule(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {
    record Spec(List<Group> groups) {}

    record Group(String name, @Nullable String interval, List<Rule> rules) {}

    record Rule(
            String alert,
            String expr,
            @JsonProperty("for") @Nullable String pending,
            @JsonProperty("keep_firing_for") @Nullable String keepFiringFor,
            Map<String, String> labels,
            Map<String, String> annotations) {}
}
