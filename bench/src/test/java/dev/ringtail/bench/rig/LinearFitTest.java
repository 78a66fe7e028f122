package dev.ringtail.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

class LinearFitTest {
    /// Of the row `scale-topic`.
    private static final double BAR = 1.25;

    @Test
    void aLineIsFoundAndLeadsOn() {
        LinearFit fit = fit(x -> 2 + 3 * x);

        assertThat(fit.slope()).isCloseTo(3, within(1e-9));
        assertThat(fit.intercept()).isCloseTo(2, within(1e-9));
        assertThat(fit.r2()).isCloseTo(1, within(1e-9));
        assertThat(fit.at(100)).isCloseTo(302, within(1e-6));
    }

    @Test
    void whatGrowsFasterTowardsTheEndIsSeen() {
        assertThat(lastStep(x -> Math.pow(x, 1.5))).isGreaterThan(BAR);
        assertThat(lastStep(x -> x * x)).isGreaterThan(BAR);
        assertThat(lastStep(x -> 2 + 3 * x)).isCloseTo(1, within(1e-9));
        assertThat(lastStep(Math::sqrt)).isLessThan(1);
    }

    @Test
    void thePointsBeforeTheLastStepHaveToMakeALineThatRises() {
        assertThat(LinearFit.lastStepOverLine(points(x -> x).subList(0, 3))).isEmpty();
        assertThat(LinearFit.lastStepOverLine(points(x -> 7))).isEmpty();
    }

    @Test
    void aConstantIsALineToo() {
        LinearFit fit = fit(x -> 7);

        assertThat(fit.slope()).isZero();
        assertThat(fit.r2()).isEqualTo(1);
    }

    @Test
    void onePointHasNoLine() {
        assertThatThrownBy(() -> LinearFit.of(List.of(new LinearFit.Point(1, 1))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static double lastStep(DoubleUnaryOperator line) {
        return LinearFit.lastStepOverLine(points(line)).orElseThrow();
    }

    private static LinearFit fit(DoubleUnaryOperator line) {
        return LinearFit.of(points(line));
    }

    private static List<LinearFit.Point> points(DoubleUnaryOperator line) {
        return DoubleStream.of(0.125, 0.25, 0.5, 1)
                .mapToObj(x -> new LinearFit.Point(x, line.applyAsDouble(x)))
                .toList();
    }
}
