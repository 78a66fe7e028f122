package dev.ringtail.sensor.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Random;

class CompressionGainTest {
    private static final long SEED = 11;

    private final Random random = new Random(SEED);
    private final CompressionGain gain = new CompressionGain();

    /// A value of which a share is of one byte, in runs as headers make them.
    private byte[] value(double compressibleShare) {
        byte[] value = new byte[CompressionGain.MIN_SAMPLE_BYTES];
        random.nextBytes(value);
        int run = 100;
        for (int i = 0; i < value.length; i++) {
            if (i % run < compressibleShare * run) {
                value[i] = 0;
            }
        }
        return value;
    }

    private int samplesUntil(boolean worthwhile, double compressibleShare) {
        for (int samples = 1; samples <= 100; samples++) {
            if (gain.isWorthwhileAfter(value(compressibleShare)) == worthwhile) {
                return samples;
            }
        }
        return Integer.MAX_VALUE;
    }

    @Test
    void theFirstSampleDecides() {
        assertThat(new CompressionGain().isWorthwhileAfter(value(0.5))).isTrue();
        assertThat(new CompressionGain().isWorthwhileAfter(value(0))).isFalse();
    }

    @Test
    void aSampleUnlikeTheOthersChangesNothing() {
        assertThat(samplesUntil(true, 0.9)).isEqualTo(1);
        assertThat(gain.isWorthwhileAfter(value(0))).isTrue();
        assertThat(samplesUntil(false, 0)).as("seed %d", SEED).isBetween(3, 20);
        assertThat(gain.isWorthwhileAfter(value(0.3))).isFalse();
        assertThat(samplesUntil(true, 0.9)).as("seed %d", SEED).isBetween(1, 20);
    }

    @Test
    void betweenTheLimitsItStaysAsItIs() {
        double between = 0.14;
        assertThat(gain.isWorthwhileAfter(value(between))).isTrue();
        assertThat(samplesUntil(false, between)).isEqualTo(Integer.MAX_VALUE);
        assertThat(samplesUntil(false, 0)).isLessThan(20);
        assertThat(samplesUntil(true, between)).as("seed %d", SEED).isEqualTo(Integer.MAX_VALUE);
    }
}
