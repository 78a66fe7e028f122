package dev.ringtail.sensor.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
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

    @Test
    void packetsAreSentWithoutCompressionOnlyWhereTheOperatorLeavesItOpen() {
        KafkaSettings open = new KafkaSettings(Map.of("bootstrap.servers", "a:1"));
        assertThat(open.hasCompression()).isFalse();
        Map<String, Object> plain = new HashMap<>(open.packetProducer(1000));
        assertThat(plain.put("compression.type", "none")).isEqualTo("lz4");
        assertThat(open.plainPacketProducer(1000)).isEqualTo(plain);

        assertThat(
                        new KafkaSettings(
                                        Map.of(
                                                "bootstrap.servers",
                                                "a:1",
                                                "compression.type",
                                                "lz4"))
                                .hasCompression())
                .isTrue();
    }
}
