package dev.ringtail.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMeta;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What is for Prometheus and Grafana.
class MonitoringManifestTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    private final Manifests manifests = Chart.ofRepository().render(Chart.values("monitoring"));

    @Test
    void theMonitorMeansSensorsAndFlowAnalysis() {
        PodMonitor monitor = manifests.all(PodMonitor.class).getFirst();
        var selector = monitor.spec().selector();

        assertThat(monitor.metadata().getLabels()).containsEntry("release", "prometheus");
        assertThat(Workload.of(manifests))
                .hasSize(2)
                .allMatch(w -> w.isMeantBy(selector.getMatchLabels()))
                .allSatisfy(
                        w -> {
                            assertThat(selector.getMatchExpressions().getFirst().getValues())
                                    .contains(w.labels().get("app.kubernetes.io/component"));
                            assertThat(w.container().getPorts())
                                    .extracting("name")
                                    .containsExactly(
                                            monitor.spec().podMetricsEndpoints().getFirst().port());
                        });
    }

    @Test
    void theRuleIsTheFileThatIsShipped() throws IOException {
        PrometheusRule rule = manifests.all(PrometheusRule.class).getFirst();
        JsonNode file = YAML.readTree(Path.of("ringtail", "files", "alerts.yaml").toFile());

        List<String> expected = new ArrayList<>();
        file.at("/groups")
                .forEach(
                        group ->
                                group.path("rules")
                                        .forEach(
                                                r ->
                                                        expected.add(
                                                                r.path("alert").asText()
                                                                        + r.path("annotations")
                                                                                .path("description")
                                                                                .asText())));
        assertThat(rule.spec().groups().stream().flatMap(g -> g.rules().stream()))
                .extracting(r -> r.alert() + r.annotations().getOrDefault("description", ""))
                .containsExactlyElementsOf(expected)
                .anyMatch(alert -> alert.startsWith("RingtailPacketLoss"))
                .anyMatch(alert -> alert.startsWith("RingtailPublishLag"))
                .anyMatch(alert -> alert.startsWith("RingtailCaptureStalled"));
    }

    @Test
    void theDashboardIsTheFileThatIsShipped() throws IOException {
        ConfigMap dashboard = manifests.one(ConfigMap.class, "-dashboard");
        ObjectMeta metadata = dashboard.getMetadata();

        assertThat(metadata.getLabels()).containsEntry("grafana_dashboard", "1");
        assertThat(YAML.readTree(dashboard.getData().get("ringtail.json")))
                .isEqualTo(
                        YAML.readTree(
                                Path.of("ringtail", "files", "grafana-dashboard.json").toFile()));
    }
}
