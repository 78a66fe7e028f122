package dev.ringtail.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

class LinearFitTest {
    @Test
    void aLineIsFoundAndLeadsOn() {
        LinearFit fit = fit(x -> 2 + 3 * x);

        assertThat(fit.slope()).isCloseTo(3, within(1e-9));
        assertThat(fit.intercept()).isCloseTo(2, within(1e-9));
        assertThat(fit.r2()).isCloseTo(1, within(1e-9));
        assertThat(fit.lastStepOverSlope()).isCloseTo(1, within(1e-9));
        assertThat(fit.at(100)).isCloseTo(302, within(1e-6));
    }

    @Test
    void whatGrowsFasterTowardsTheEndIsSeen() {
        LinearFit fit = fit(x -> x * x);

        assertThat(fit.lastStepOverSlope()).isGreaterThan(1.25);
        assertThat(fit.r2()).isLessThan(0.99);
    }

    @Test
    void aConstantIsALineToo() {
        LinearFit fit = fit(x -> 7);

        assertThat(fit.slope()).isZero();
        assertThat(fit.r2()).isEqualTo(1);
        assertThat(fit.lastStepOverSlope()).isEqualTo(1);
    }

    @Test
    void onePointHasNoLine() {
        assertThatThrownBy(() -> LinearFit.of(List.of(new LinearFit.Point(1, 1))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static LinearFit fit(DoubleUnaryOperator line) {
        return LinearFit.of(
                DoubleStream.of(0.25, 0.5, 1, 2)
                        .mapToObj(x -> new LinearFit.Point(x, line.applyAsDouble(x)))
                        .toList());
    }
}
