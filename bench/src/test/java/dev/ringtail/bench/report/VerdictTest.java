package dev.ringtail.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.bench.rig.Spread;
import dev.ringtail.bench.row.Claim;
import dev.ringtail.bench.row.Target;

import org.junit.jupiter.api.Test;

import java.util.List;

class VerdictTest {
    private static final Target BAR = Target.atMost(2);

    @Test
    void theMedianOfAllRepetitionsIsJudged() {
        assertThat(verdict(List.of(1.0, 2.0, 9.0))).isEqualTo(Verdict.MET);
        assertThat(verdict(List.of(1.0, 2.1, 9.0))).isEqualTo(Verdict.NOT_MET);
    }

    @Test
    void whereRepetitionsAreMissingThereIsNoVerdict() {
        assertThat(verdict(List.of(1.0))).isEqualTo("no verdict, measured 1 of 3 times");
        assertThat(verdict(List.of(9.0, 9.0))).isEqualTo("no verdict, measured 2 of 3 times");
    }

    @Test
    void whatWasNotMeasuredHasNoVerdictEither() {
        Claim claim = new Claim("cost", null, BAR, null);

        assertThat(Verdict.of(claim, claim.bar(), 3)).isEqualTo(Verdict.NOT_MEASURED);
        assertThat(Verdict.of(claim, claim.goal(), 3)).isNull();
    }

    private static String verdict(List<Double> values) {
        return Verdict.of(new Claim("cost", Spread.of(values), BAR, null), BAR, 3);
    }
}
