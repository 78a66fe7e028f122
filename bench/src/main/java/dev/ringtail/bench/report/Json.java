package dev.ringtail.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Sample;
import dev.ringtail.bench.rig.Spread;
import dev.ringtail.bench.rig.Trials;
import dev.ringtail.bench.row.Claim;
import dev.ringtail.bench.row.Curve;
import dev.ringtail.bench.row.Row;
import dev.ringtail.bench.row.Target;

import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.TreeMap;

/// The run for programs: every sample of every trial, medians and ranges, claims and their
/// verdicts, curves.
final class Json {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Json() {}

    static String of(Environment environment, List<RowReport> rows) {
        ObjectNode root = JSON.createObjectNode();
        environment.facts().forEach(root.putObject("environment")::put);
        ArrayNode nodes = root.putArray("rows");
        rows.forEach(row -> put(nodes.addObject(), row));
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("JSON of a tree in memory", e);
        }
    }

    private static void put(ObjectNode node, RowReport row) {
        node.put("name", row.name());
        node.put("title", row.title());
        Row.Result result = row.result();
        if (result == null) {
            node.put("failure", row.failure());
            return;
        }
        ArrayNode contenders = node.putArray("contenders");
        Trials trials = result.trials();
        for (String contender : trials.contenders()) {
            put(contenders.addObject(), trials, contender);
        }
        ArrayNode claims = node.putArray("claims");
        result.claims().forEach(claim -> put(claims.addObject(), claim, trials.repetitions()));
        ArrayNode curves = node.putArray("curves");
        result.curves().forEach(curve -> put(curves.addObject(), curve));
    }

    private static void put(ObjectNode node, Trials trials, String contender) {
        node.put("name", contender);
        trials.whyNotMeasured(contender).ifPresent(why -> node.put("notMeasured", why));
        ObjectNode figures = node.putObject("figures");
        for (Metric metric : Figures.metrics(trials, contender)) {
            put(figures.putObject(metric.key()), trials.spread(contender, metric).orElseThrow());
        }
        ArrayNode samples = node.putArray("samples");
        trials.samples(contender).forEach(sample -> put(samples.addObject(), sample));
    }

    private static void put(ObjectNode node, Sample sample) {
        TreeMap<String, Double> figures = new TreeMap<>();
        sample.figures().forEach((metric, value) -> figures.put(metric.key(), value));
        figures.forEach(node::put);
        node.put("limitedBy", sample.limitedBy());
        new TreeMap<>(sample.cores()).forEach(node.putObject("cores")::put);
    }

    private static void put(ObjectNode node, Spread spread) {
        node.put("median", spread.median());
        node.put("min", spread.min());
        node.put("max", spread.max());
        node.put("count", spread.count());
    }

    private static void put(ObjectNode node, Claim claim, int repetitions) {
        node.put("text", claim.text());
        if (claim.value() == null) {
            node.putNull("value");
        } else {
            put(node.putObject("value"), claim.value());
        }
        putTarget(node, "bar", claim, claim.bar(), repetitions);
        putTarget(node, "goal", claim, claim.goal(), repetitions);
    }

    private static void putTarget(
            ObjectNode node, String kind, Claim claim, @Nullable Target target, int repetitions) {
        if (target != null) {
            ObjectNode child = node.putObject(kind);
            child.put(target.atMost() ? "atMost" : "atLeast", target.bound());
            child.put("verdict", Verdict.of(claim, target, repetitions));
        }
    }

    private static void put(ObjectNode node, Curve curve) {
        node.put("name", curve.name());
        ArrayNode points = node.putArray("points");
        for (Curve.Point point : curve.points()) {
            points.addArray().add(point.x()).add(point.y());
        }
    }
}
