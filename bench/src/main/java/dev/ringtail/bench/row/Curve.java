package dev.ringtail.bench.row;

import java.util.List;

/// A line of the chart.
///
/// @param name what it belongs to
/// @param points in the order of x
public record Curve(String name, List<Point> points) {
    /// A point: for a loss curve the offered packets a second, and the share of them that was lost.
    public record Point(double x, double y) {}
}
