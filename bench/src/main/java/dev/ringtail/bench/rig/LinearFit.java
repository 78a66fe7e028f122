package dev.ringtail.bench.rig;

import java.util.List;
import java.util.OptionalDouble;

/// The straight line through points by least squares.
///
/// @param slope y for each x
/// @param intercept y where x is 0
/// @param r2 share of y's variance that the line explains; 1 where all points are on it
public record LinearFit(double slope, double intercept, double r2) {
    /// Any two points are on a line, so it takes one more to say where a next one belongs.
    private static final int LEAST_BEFORE_LAST = 3;

    /// A measured point.
    public record Point(double x, double y) {}

    /// Fits a line.
    ///
    /// @param points at least two, of ascending x
    public static LinearFit of(List<Point> points) {
        if (points.size() < 2) {
            throw new IllegalArgumentException("a line takes two points");
        }
        double meanX = points.stream().mapToDouble(Point::x).average().orElseThrow();
        double meanY = points.stream().mapToDouble(Point::y).average().orElseThrow();
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (Point point : points) {
            double dx = point.x() - meanX;
            double dy = point.y() - meanY;
            xx += dx * dx;
            xy += dx * dy;
            yy += dy * dy;
        }
        double slope = xy / xx;
        return new LinearFit(slope, meanY - slope * meanX, yy == 0 ? 1 : xy * xy / (xx * yy));
    }

    /// Slope between the last two points, divided by that of the line through all points but the
    /// last: above 1 where y grows faster at the end. Empty where fewer than three come before the
    /// last, or where their line does not rise.
    ///
    /// @param points of ascending x
    public static OptionalDouble lastStepOverLine(List<Point> points) {
        if (points.size() <= LEAST_BEFORE_LAST) {
            return OptionalDouble.empty();
        }
        Point last = points.getLast();
        List<Point> before = points.subList(0, points.size() - 1);
        Point lastBefore = before.getLast();
        double slope = of(before).slope();
        return slope > 0
                ? OptionalDouble.of(
                        (last.y() - lastBefore.y()) / (last.x() - lastBefore.x()) / slope)
                : OptionalDouble.empty();
    }

    /// The line's y at an x, however far from the points.
    public double at(double x) {
        return intercept + slope * x;
    }
}
