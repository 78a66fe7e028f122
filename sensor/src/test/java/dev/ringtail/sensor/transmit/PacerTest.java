package dev.ringtail.sensor.transmit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacerTest {
    private static final long START_NS = 1_790_000_000_000_000_000L;

    @Test
    void keepsTheRecordedPace() {
        Pacer pacer = Pacer.recorded(1);

        assertThat(pacer.nextDueNs(START_NS)).isZero();
        assertThat(pacer.nextDueNs(START_NS + 1)).isEqualTo(1);
        assertThat(pacer.nextDueNs(START_NS + 86_400_000_000_001L)).isEqualTo(86_400_000_000_001L);
    }

    @Test
    void isSoManyTimesAsFast() {
        Pacer pacer = Pacer.recorded(10);
        pacer.nextDueNs(START_NS);

        assertThat(pacer.nextDueNs(START_NS + 1_000_000_000)).isEqualTo(100_000_000);
    }

    @Test
    void sendsAFrameThatIsStampedEarlierTogetherWithTheOneBefore() {
        Pacer pacer = Pacer.recorded(1);
        pacer.nextDueNs(START_NS);
        pacer.nextDueNs(START_NS + 500);

        assertThat(pacer.nextDueNs(START_NS - 1_000)).isEqualTo(500);
        assertThat(pacer.nextDueNs(START_NS + 400)).isEqualTo(500);
        assertThat(pacer.nextDueNs(START_NS + 600)).isEqualTo(600);
    }

    @Test
    void beginsAPassWhereTheOneBeforeEnded() {
        Pacer pacer = Pacer.recorded(2);
        pacer.nextDueNs(START_NS);
        pacer.nextDueNs(START_NS + 1_000);
        pacer.nextPass();

        assertThat(pacer.nextDueNs(START_NS)).isEqualTo(500);
        assertThat(pacer.nextDueNs(START_NS + 1_000)).isEqualTo(1_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 7, 999, 50_000, 14_880_952, 1_000_000_000})
    void neverDriftsAtAFixedRate(long rate) {
        Pacer pacer = Pacer.rate(rate);
        long count = Math.min(3 * rate, 1_000_000);
        long last = -1;
        for (long i = 0; i < count; i++) {
            long due = pacer.nextDueNs(0);
            long exact = Math.floorDiv(Math.multiplyExact(i, 1_000_000_000L), rate);
            assertThat(due).isEqualTo(exact).isGreaterThan(last);
            last = due;
        }
    }

    @Test
    void hasAllDueAtOnceAtTopSpeed() {
        Pacer pacer = Pacer.topSpeed();

        assertThat(pacer.nextDueNs(START_NS)).isZero();
        assertThat(pacer.nextDueNs(START_NS + 1_000_000_000)).isZero();
    }
}
