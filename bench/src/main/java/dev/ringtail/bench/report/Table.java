package dev.ringtail.bench.report;

import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Sample;
import dev.ringtail.bench.rig.Spread;
import dev.ringtail.bench.rig.Trials;
import dev.ringtail.bench.row.Claim;
import dev.ringtail.bench.row.Row;
import dev.ringtail.bench.row.Target;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The run as text: under each row its contenders, then its claims with bar and goal.
final class Table {
    private static final String INDENT = "  ";

    /// A part that kept less than this of a processor busy is not worth a word.
    private static final double LEAST_CORES = 0.05;

    private Table() {}

    static String of(List<RowReport> rows) {
        StringBuilder text = new StringBuilder();
        for (RowReport row : rows) {
            text.append(row.title()).append("  [").append(row.name()).append("]\n");
            Row.Result result = row.result();
            if (result == null) {
                text.append(INDENT).append("failed: ").append(row.failure()).append('\n');
            } else {
                appendContenders(text, result.trials());
                int repetitions = result.trials().repetitions();
                result.claims().forEach(claim -> appendClaim(text, claim, repetitions));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static void appendContenders(StringBuilder text, Trials trials) {
        int width = trials.contenders().stream().mapToInt(String::length).max().orElse(0);
        for (String contender : trials.contenders()) {
            text.append(INDENT).append(padded(contender, width)).append(INDENT);
            List<Sample> samples = trials.samples(contender);
            if (samples.isEmpty()) {
                text.append(Verdict.NOT_MEASURED).append(": ");
                text.append(trials.whyNotMeasured(contender).orElse("")).append('\n');
                continue;
            }
            text.append(figures(trials, contender)).append('\n');
            Sample middle = samples.get(samples.size() / 2);
            text.append(INDENT).append(padded("", width)).append(INDENT);
            text.append("limited by ").append(limits(samples));
            if (!middle.cores().isEmpty()) {
                text.append("; processors: ").append(cores(middle));
            }
            text.append('\n');
            trials.whyNotMeasured(contender)
                    .ifPresent(
                            why ->
                                    text.append(INDENT)
                                            .append(padded("", width))
                                            .append(INDENT)
                                            .append("then failed: ")
                                            .append(why)
                                            .append('\n'));
        }
    }

    private static String figures(Trials trials, String contender) {
        List<String> figures = new ArrayList<>();
        for (Metric metric : Figures.metrics(trials, contender)) {
            Spread spread = trials.spread(contender, metric).orElseThrow();
            figures.add(metric.label() + " " + Numbers.of(spread));
        }
        return String.join(" · ", figures);
    }

    private static String limits(List<Sample> samples) {
        return samples.stream().map(Sample::limitedBy).distinct().collect(Collectors.joining(", "));
    }

    private static String cores(Sample sample) {
        return sample.cores().entrySet().stream()
                .filter(part -> part.getValue() >= LEAST_CORES)
                .sorted(
                        Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                                .thenComparing(Map.Entry.comparingByKey()))
                .map(part -> String.format(Locale.ROOT, "%s %.2f", part.getKey(), part.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static void appendClaim(StringBuilder text, Claim claim, int repetitions) {
        text.append(INDENT).append("→ ").append(claim.text()).append(": ");
        Spread value = claim.value();
        text.append(value == null ? Verdict.NOT_MEASURED : Numbers.of(value));
        appendTarget(text, "bar", claim, claim.bar(), repetitions);
        appendTarget(text, "goal", claim, claim.goal(), repetitions);
        text.append('\n');
    }

    private static void appendTarget(
            StringBuilder text,
            String kind,
            Claim claim,
            @Nullable Target target,
            int repetitions) {
        String verdict = Verdict.of(claim, target, repetitions);
        if (target != null) {
            text.append("   ").append(kind).append(' ').append(Verdict.text(target));
            text.append(": ").append(verdict);
        }
    }

    private static String padded(String name, int width) {
        return name + " ".repeat(width - name.length());
    }
}
