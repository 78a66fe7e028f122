package dev.ringtail.bench.report;

import dev.ringtail.bench.rig.Spread;
import dev.ringtail.bench.row.Claim;
import dev.ringtail.bench.row.Curve;
import dev.ringtail.bench.row.Row;
import dev.ringtail.bench.row.Target;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// The run as a picture (SVG): for each claim a bar from 0 to its median, drawn in parts of what
/// its bar asks for, with the range over it and a mark where bar and goal are; below, the loss
/// curves.
///
/// Claims differ in unit, so each is drawn on a scale of its own, on which its bar (or where there
/// is none its goal) is always at the same place. Bars end left of the mark where less is better,
/// and right of it where more is.
final class Chart {
    private static final int WIDTH = 960;
    private static final int LABEL_WIDTH = 470;
    private static final int LINE_HEIGHT = 26;
    private static final int TOP = 60;
    private static final int MARGIN = 20;

    /// Where the line of the bar is, and the end of what is drawn.
    private static final int MARK_X = LABEL_WIDTH + 200;

    private static final int MAX_X = WIDTH - 90;
    private static final int CURVES_HEIGHT = 260;
    private static final List<String> COLORS =
            List.of("#1b6ca8", "#c8553d", "#588157", "#7b2d8b", "#b08900");

    private final StringBuilder svg = new StringBuilder();

    private Chart() {}

    static String of(Environment environment, List<RowReport> rows) {
        return new Chart().draw(environment, rows);
    }

    private String draw(Environment environment, List<RowReport> rows) {
        List<Row.Result> results =
                rows.stream().map(RowReport::result).filter(Objects::nonNull).toList();
        List<Curve> curves = results.stream().flatMap(r -> r.curves().stream()).toList();
        int claims = results.stream().mapToInt(r -> r.claims().size()).sum();
        int curvesTop = TOP + claims * LINE_HEIGHT + 2 * MARGIN;
        int height = curvesTop + (curves.isEmpty() ? 0 : CURVES_HEIGHT + 2 * MARGIN);
        svg.append(
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="white"/>
                """
                        .formatted(WIDTH, height));
        text(MARGIN, 22, "start", "Ringtail beside its peers: medians and ranges");
        text(MARGIN, 40, "start", environment.line());
        int y = TOP;
        for (Row.Result result : results) {
            for (Claim claim : result.claims()) {
                drawClaim(claim, result.trials().repetitions(), y);
                y += LINE_HEIGHT;
            }
        }
        if (!curves.isEmpty()) {
            drawCurves(curves, curvesTop);
        }
        return svg.append("</svg>\n").toString();
    }

    private void drawClaim(Claim claim, int repetitions, int y) {
        int baseline = y + 16;
        text(LABEL_WIDTH - 8, baseline, "end", claim.text());
        Spread value = claim.value();
        @Nullable Target scale = claim.bar() != null ? claim.bar() : claim.goal();
        if (value == null || scale == null || scale.bound() <= 0) {
            text(
                    LABEL_WIDTH + 4,
                    baseline,
                    "start",
                    value == null ? Verdict.NOT_MEASURED : Numbers.of(value));
            return;
        }
        double end = x(value.median(), scale);
        rect(LABEL_WIDTH, y + 5, end - LABEL_WIDTH, 14, color(claim, scale, repetitions));
        line(x(value.min(), scale), y + 12, x(value.max(), scale), y + 12, "#333333");
        mark(claim.bar(), scale, y, "#000000");
        mark(claim.goal(), scale, y, "#1b6ca8");
        text(Math.max(end, MARK_X) + 6, baseline, "start", Numbers.of(value.median()));
    }

    private static String color(Claim claim, Target target, int repetitions) {
        return switch (Verdict.of(claim, target, repetitions)) {
            case Verdict.MET -> "#8fbc8f";
            case Verdict.NOT_MET -> "#e0a08c";
            case null, default -> "#c0c0c0";
        };
    }

    private void mark(@Nullable Target target, Target scale, int y, String color) {
        if (target != null) {
            line(x(target.bound(), scale), y + 2, x(target.bound(), scale), y + 22, color);
        }
    }

    private static double x(double value, Target scale) {
        double unit = (MARK_X - LABEL_WIDTH) / scale.bound();
        return Math.min(MAX_X, LABEL_WIDTH + value * unit);
    }

    private void drawCurves(List<Curve> curves, int top) {
        double maxX = max(curves, Curve.Point::x);
        double maxY = Math.max(0.01, max(curves, Curve.Point::y));
        int left = MARGIN + 50;
        int bottom = top + CURVES_HEIGHT - 30;
        int width = WIDTH - left - 240;
        text(left, top - 6, "start", "share of packets lost, by packets/s offered");
        line(left, top, left, bottom, "#333333");
        line(left, bottom, left + width, bottom, "#333333");
        text(left - 6, top + 10, "end", percent(maxY));
        text(left - 6, bottom, "end", "0 %");
        text(left + width, bottom + 16, "end", Numbers.of(maxX));
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i);
            String color = COLORS.get(i % COLORS.size());
            StringBuilder points = new StringBuilder();
            for (Curve.Point point : curve.points()) {
                double x = left + point.x() / maxX * width;
                double y = bottom - point.y() / maxY * (bottom - top);
                points.append(number(x)).append(',').append(number(y)).append(' ');
                svg.append(
                        "<circle cx=\"%s\" cy=\"%s\" r=\"3\" fill=\"%s\"/>\n"
                                .formatted(number(x), number(y), color));
            }
            svg.append(
                    "<polyline fill=\"none\" stroke=\"%s\" points=\"%s\"/>\n"
                            .formatted(color, points.toString().strip()));
            rect(left + width + 20, top + i * 20, 10, 10, color);
            text(left + width + 36, top + i * 20 + 10, "start", curve.name());
        }
    }

    private static double max(
            List<Curve> curves, java.util.function.ToDoubleFunction<Curve.Point> of) {
        return curves.stream()
                .flatMap(curve -> curve.points().stream())
                .mapToDouble(of)
                .max()
                .orElse(1);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private void text(double x, double y, String anchor, String text) {
        svg.append(
                "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n"
                        .formatted(number(x), number(y), anchor, escaped(text)));
    }

    private void rect(double x, double y, double width, double height, String color) {
        svg.append(
                "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>\n"
                        .formatted(number(x), number(y), number(width), number(height), color));
    }

    private void line(double x1, double y1, double x2, double y2, String color) {
        svg.append(
                "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\" stroke-width=\"1.5\"/>\n"
                        .formatted(number(x1), number(y1), number(x2), number(y2), color));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
