package dev.ringtail.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

class LimitTest {
    @Test
    void withoutLossTheLoadIsTheLimit() {
        assertThat(Limit.of(Map.of(Limit.INJECTOR, 0.97, Limit.READER, 0.99), false))
                .isEqualTo("injector");
    }

    @Test
    void anInjectorThatSharesItsProcessorIsNotTheLimit() {
        assertThat(Limit.of(Map.of(Limit.INJECTOR, 0.6, CpuMeter.IDLE, 0.05), false))
                .isEqualTo("processors");
    }

    @Test
    void aWholeProcessorNamesWhoHasIt() {
        assertThat(Limit.of(Map.of(Limit.READER, 0.95, Limit.BROKER, 0.3), true))
                .isEqualTo("reader");
        assertThat(Limit.of(Map.of(Limit.READER, 0.5, Limit.PRODUCER, 0.93), true))
                .isEqualTo("producer");
    }

    @Test
    void aDiskThatIsWaitedForIsTheLimit() {
        assertThat(Limit.of(Map.of(Limit.READER, 0.3, CpuMeter.IOWAIT, 0.5), true))
                .isEqualTo("disk");
    }

    @Test
    void processorsWithoutWorkMeanThatTheBrokerIsWaitedFor() {
        assertThat(Limit.of(Map.of(Limit.READER, 0.3, Limit.BROKER, 0.2, CpuMeter.IDLE, 0.6), true))
                .isEqualTo("broker");
    }

    @Test
    void ofThoseWhoShareFullProcessorsTheLargestIsNamed() {
        assertThat(
                        Limit.of(
                                Map.of(
                                        Limit.READER, 0.2,
                                        Limit.PRODUCER, 0.3,
                                        Limit.BROKER, 0.5,
                                        CpuMeter.IDLE, 0.01),
                                true))
                .isEqualTo("broker");
    }
}
