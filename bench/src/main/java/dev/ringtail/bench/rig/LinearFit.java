package dev.ringtail.bench.rig;

import java.util.List;

/// The straight line through points by least squares.
///
/// @param slope y for each x
/// @param intercept y where x is 0
/// @param r2 share of y's variance that the line explains; 1 where all points are on it
/// @param lastStepOverSlope slope between the last two points, divided by that of the line: above 1
///   where y grows faster towards the end
public record LinearFit(double slope, double intercept, double r2, double lastStepOverSlope) {
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
        Point last = points.getLast();
        Point before = points.get(points.size() - 2);
        double lastStep = (last.y() - before.y()) / (last.x() - before.x());
        return new LinearFit(
                slope,
                meanY - slope * meanX,
                yy == 0 ? 1 : xy * xy / (xx * yy),
                slope == 0 ? 1 : lastStep / slope);
    }

    /// The line's y at an x, however far from the points.
    public double at(double x) {
        return intercept + slope * x;
    }
}
