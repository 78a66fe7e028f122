package dev.ringtail.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The dashboard and the alert rules that are shipped.
class MonitoringFilesTest {
    private static final Path FOLDER = Path.of("..", "helm", "ringtail", "files");
    private static final Path ALERTS = FOLDER.resolve("alerts.yaml");
    private static final Path DASHBOARD = FOLDER.resolve("grafana-dashboard.json");
    private static final Pattern METRIC =
            Pattern.compile("\\b(ringtail|jvm|process|system)_[a-z0-9_]+");
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");

    @Test
    void alertsNameKnownMetricsAlone() throws IOException {
        List<String> expressions = expressions(new YAMLMapper().readTree(ALERTS.toFile()));
        assertThat(expressions).hasSize(12);
        assertThat(known()).containsAll(metricsIn(expressions));
    }

    @Test
    void dashboardNamesKnownMetricsAlone() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
        List<String> queries = expressions(dashboard);
        dashboard
                .get("templating")
                .get("list")
                .forEach(variable -> queries.add(variable.path("query").path("query").asText("")));
        assertThat(known()).containsAll(metricsIn(queries));
    }

    @Test
    void dashboardShowsEveryMetricOfTheLedger() throws IOException {
        Set<String> shown = metricsIn(expressions(new ObjectMapper().readTree(DASHBOARD.toFile())));
        assertThat(Arrays.stream(Metric.values()).map(Metric::exposedName))
                .filteredOn(name -> !shown.contains(name))
                .as("of no use on a dashboard")
                .containsExactlyInAnyOrder(
                        "ringtail_build_info",
                        "ringtail_rolled_over_huge_packets_total",
                        "ringtail_flows_state");
    }

    @Test
    void panelsHaveIdsOfTheirOwn() throws IOException {
        JsonNode panels = new ObjectMapper().readTree(DASHBOARD.toFile()).get("panels");
        assertThat(panels.findValuesAsText("id")).hasSizeGreaterThan(20).doesNotHaveDuplicates();
    }

    @Test
    @RequiresTool("promtool")
    void promtoolAcceptsTheRules() {
        Tools.run("promtool", "check", "rules", "--lint-fatal", ALERTS.toString()).orFail();
    }

    @Test
    @RequiresTool("promtool")
    void eachAlertFiresWhenItShouldAndNotWhenNot() throws IOException {
        Path tests = Path.of("src", "test", "resources", "alerts-test.yaml");
        Tools.run("promtool", "test", "rules", tests.toString()).orFail();

        Set<String> alerts =
                Set.copyOf(new YAMLMapper().readTree(ALERTS.toFile()).findValuesAsText("alert"));
        String tested = new YAMLMapper().readTree(tests.toFile()).toString();
        assertThat(alerts).isNotEmpty().allMatch(tested::contains);
    }

    private static List<String> expressions(JsonNode tree) {
        return new ArrayList<>(tree.findValuesAsText("expr"));
    }

    private static Set<String> metricsIn(List<String> expressions) {
        return expressions.stream()
                .map(expression -> QUOTED.matcher(expression).replaceAll(""))
                .flatMap(expression -> METRIC.matcher(expression).results())
                .map(match -> match.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Ours, and what the page of a process that does nothing has of the JVM.
    private static Set<String> known() {
        Set<String> known =
                Arrays.stream(Metric.values())
                        .map(Metric::exposedName)
                        .collect(Collectors.toCollection(TreeSet::new));
        try (MetricsPage page = new MetricsPage("")) {
            Managed nothing =
                    new Managed() {
                        @Override
                        public List<String> troubles() {
                            return List.of();
                        }

                        @Override
                        public void collect(Samples into) {}
                    };
            known.addAll(metricsIn(page.read(nothing, MetricsPage.TEXT).lines().toList()));
        }
        return known;
    }
}
