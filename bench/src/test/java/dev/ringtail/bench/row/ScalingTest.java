package dev.ringtail.bench.row;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Progress;
import dev.ringtail.bench.rig.Repetitions;
import dev.ringtail.bench.rig.Sample;
import dev.ringtail.bench.rig.Spread;
import dev.ringtail.bench.rig.Trial;
import dev.ringtail.bench.rig.Trials;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class ScalingTest {
    @Test
    void eachStepIsHeldAgainstTheOneBeforeAndTheLastAgainstTheFirst() throws Exception {
        List<Claim> claims = claims(List.of(1, 100, 10_000), 20, 30, 60);

        assertThat(claims)
                .extracting(Claim::text)
                .containsExactly(
                        "lane, CPU per packet, 100 ÷ 1 flows",
                        "lane, CPU per packet, 10 000 ÷ 100 flows",
                        "lane, CPU per packet, 10 000 ÷ 1 flows, no worse than linear");
        assertThat(claims)
                .extracting(Claim::value)
                .extracting(Spread::median)
                .containsExactly(1.5, 2.0, 3.0);
        assertThat(claims).extracting(Claim::bar).containsOnly(Target.atMost(2.5));
    }

    @Test
    void aStepOfWorkThatGrowsFasterThanItsQuantityFails() throws Exception {
        List<Integer> sizes = List.of(1, 4, 8);

        assertThat(claims(sizes, 20, 20, 20 * Math.sqrt(2)))
                .extracting(ScalingTest::isMet)
                .containsExactly(true, false, true);
        assertThat(claims(sizes, 20, 40, 40))
                .extracting(ScalingTest::isMet)
                .containsExactly(false, true, true);
        assertThat(claims(sizes, 20, 30, 36)).extracting(ScalingTest::isMet).containsOnly(true);
    }

    private static boolean isMet(Claim claim) {
        return claim.bar().isMetBy(claim.value());
    }

    @Test
    void twoStepsAreOneClaim() throws Exception {
        assertThat(claims(List.of(1, 2), 20, 30)).hasSize(1);
    }

    private static List<Claim> claims(List<Integer> sizes, double... costsNs) throws Exception {
        Scaling scaling = new Scaling("lane", "CPU per packet", "flows", sizes);
        List<Contender> contenders =
                sizes.stream()
                        .<Contender>map(
                                size ->
                                        new Fixed(
                                                scaling.contender(size),
                                                costsNs[sizes.indexOf(size)]))
                        .toList();
        Repetitions repetitions =
                new Repetitions(2, new Progress(new PrintWriter(Writer.nullWriter())));
        Trials trials = repetitions.run("row", Duration.ofSeconds(1), contenders);
        return scaling.claims(trials, 2.5);
    }

    private record Fixed(String name, double costNs) implements Contender {
        @Override
        public Sample measure(Trial trial) {
            return new Sample(Map.of(Metric.CPU_NS_PER_PACKET, costNs), Map.of(), "injector");
        }
    }
}
