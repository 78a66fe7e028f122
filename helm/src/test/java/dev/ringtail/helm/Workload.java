package dev.ringtail.helm;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Pods that a manifest makes.
///
/// @param name of the object
/// @param selector labels by which a controller knows its pods; empty for a bare pod
/// @param labels of the pods
/// @param annotations of the pods
/// @param pod their specification
record Workload(
        String name,
        Map<String, String> selector,
        Map<String, String> labels,
        Map<String, String> annotations,
        PodSpec pod) {
    static List<Workload> of(Manifests manifests) {
        return Stream.of(
                        manifests.all(DaemonSet.class).stream().map(Workload::of),
                        manifests.all(Deployment.class).stream().map(Workload::of),
                        manifests.all(Pod.class).stream().map(Workload::of))
                .flatMap(workloads -> workloads)
                .toList();
    }

    static Workload of(DaemonSet set) {
        var template = set.getSpec().getTemplate();
        return new Workload(
                set.getMetadata().getName(),
                set.getSpec().getSelector().getMatchLabels(),
                template.getMetadata().getLabels(),
                template.getMetadata().getAnnotations(),
                template.getSpec());
    }

    static Workload of(Deployment deployment) {
        var template = deployment.getSpec().getTemplate();
        return new Workload(
                deployment.getMetadata().getName(),
                deployment.getSpec().getSelector().getMatchLabels(),
                template.getMetadata().getLabels(),
                template.getMetadata().getAnnotations(),
                template.getSpec());
    }

    private static Workload of(Pod pod) {
        return new Workload(
                pod.getMetadata().getName(),
                Map.of(),
                pod.getMetadata().getLabels(),
                pod.getMetadata().getAnnotations(),
                pod.getSpec());
    }

    /// The only container, or the first of a chart test.
    Container container() {
        return pod.getContainers().getFirst();
    }

    /// Whether a selector by labels means these pods.
    boolean isMeantBy(Map<String, String> matchLabels) {
        return labels.entrySet().containsAll(matchLabels.entrySet());
    }
}
