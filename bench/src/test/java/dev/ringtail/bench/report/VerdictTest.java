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
    void ofWhatMustNotBeEveryRepetitionIsJudged() {
        Target none = Target.atMost(0);
        Claim lost = new Claim("lost", Spread.of(List.of(0.0, 0.0, 1.0)), none, null);
        Claim kept = new Claim("lost", Spread.of(List.of(0.0, 0.0, 0.0)), none, null);

        assertThat(Verdict.of(lost, none, 3)).isEqualTo(Verdict.NOT_MET);
        assertThat(Verdict.of(kept, none, 3)).isEqualTo(Verdict.MET);
    }

    @Test
    void fewerThanThreeRepetitionsHaveNoVerdict() {
        Claim claim = new Claim("cost", Spread.of(List.of(1.0, 1.0)), BAR, null);

        assertThat(Verdict.of(claim, BAR, 2)).isEqualTo("no verdict, measured 2 of 3 times");
    }

    @Test
    void trialsThatTheBarIsNotForHaveNoVerdict() {
        Claim claim = new Claim("cost", Spread.of(List.of(1.0, 1.0, 1.0)), BAR, null, "too short");

        assertThat(Verdict.of(claim, BAR, 3)).isEqualTo("no verdict: too short");
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
