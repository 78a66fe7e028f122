package dev.ringtail.helm;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMeta;

import java.util.List;

/// Of the Prometheus operator's kind what the chart uses; the names are those of [its
/// API](https://prometheus-operator.dev/docs/api-reference/api/).
record PodMonitor(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {
    record Spec(LabelSelector selector, List<Endpoint> podMetricsEndpoints) {}

    record Endpoint(
            String port,
            String path,
            String interval,
            String scrapeTimeout,
            List<Relabeling> relabelings) {}

    record Relabeling(List<String> sourceLabels, String targetLabel) {}
}
