package dev.ringtail.sensor.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

class KafkaSettingsTest {
    @Test
    void theProducerOfReportsBlocksForSecondsOnly() {
        assertThat(new KafkaSettings(Map.of("bootstrap.servers", "b:1")).controlProducer())
                .containsEntry("max.block.ms", 5_000L);
    }

    @Test
    void theOperatorsBlockTimeHolds() {
        Map<String, String> user = Map.of("bootstrap.servers", "b:1", "max.block.ms", "7");

        assertThat(new KafkaSettings(user).controlProducer()).containsEntry("max.block.ms", "7");
    }
}
