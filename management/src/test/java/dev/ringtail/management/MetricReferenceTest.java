package dev.ringtail.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.management.Metric.Label;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Holds `docs/reference/metrics.md` equal to the code; with `-Ddocs.write=true` writes it anew.
class MetricReferenceTest {
    private static final Path REFERENCE = Path.of("..", "docs", "reference", "metrics.md");
    private static final String FLOWS = "ringtail_flows_";

    private static final String HEAD =
            """
            # Metrics

            What `/metrics` of the [management endpoint](../how-to/monitor.md) holds. This page is made of the code (`Metric`), by

                mvn -B test -pl management -am -Dtest=MetricReferenceTest -Ddocs.write=true \\
                    -Dsurefire.failIfNoSpecifiedTests=false

            Counters begin at 0 with the process. They are read when somebody asks, from the same ledger as the reports in
            `capture.reports` and the summary, so their values are those of a report of that moment; [ledger](ledger.md) tells
            what the terms mean and how they add up. All values of one answer belong together.

            Beside these there are Micrometer's metrics of the JVM and the process: `jvm_…`, `process_…`, `system_…`.
            """;

    @Test
    void pageIsThatOfTheCode() throws Exception {
        String page = page();
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(REFERENCE, page);
        }
        assertThat(Files.readString(REFERENCE)).isEqualTo(page);
    }

    @Test
    void namesAreThoseOfPrometheus() {
        for (Metric metric : Metric.values()) {
            String name = metric.exposedName();
            assertThat(name).matches("ringtail(_[a-z]+)+");
            assertThat(name.endsWith("_total"))
                    .as(name)
                    .isEqualTo(metric.kind() == Metric.Kind.COUNTER);
            assertThat(name.endsWith("_info"))
                    .as(name)
                    .isEqualTo(metric.kind() == Metric.Kind.INFO);
        }
        assertThat(Metric.values()).extracting(Metric::exposedName).doesNotHaveDuplicates();
    }

    private static String page() {
        List<Metric> all = List.of(Metric.BUILD_INFO, Metric.READY);
        List<Metric> flows =
                Arrays.stream(Metric.values())
                        .filter(m -> m.exposedName().startsWith(FLOWS))
                        .toList();
        List<Metric> sensor =
                Arrays.stream(Metric.values())
                        .filter(m -> !all.contains(m) && !flows.contains(m))
                        .toList();
        return HEAD
                + section("Every process", all)
                + section("`sensor`", sensor)
                + section("`flows`", flows)
                + labels();
    }

    private static String section(String title, List<Metric> metrics) {
        return "\n## %s\n\n| metric | type | labels | meaning |\n| --- | --- | --- | --- |\n"
                        .formatted(title)
                + metrics.stream().map(MetricReferenceTest::row).collect(Collectors.joining());
    }

    private static String row(Metric metric) {
        return "| `%s` | %s | %s | %s |\n"
                .formatted(
                        metric.exposedName(),
                        metric.kind().name().toLowerCase(Locale.ROOT),
                        metric.labels().stream()
                                .map(l -> "`" + l.exposedName() + "`")
                                .collect(Collectors.joining(", ")),
                        metric.description());
    }

    private static String labels() {
        return "\n## Labels\n\n| label | value |\n| --- | --- |\n"
                + Arrays.stream(Label.values())
                        .map(l -> "| `%s` | %s |\n".formatted(l.exposedName(), l.description()))
                        .collect(Collectors.joining());
    }
}
