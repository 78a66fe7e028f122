package dev.ringtail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

class BrokerListTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka:9092",
                "kafka_1.example.net:9092, 10.0.0.2:9093",
                "[::1]:9092",
                "SASL_SSL://kafka:9092",
                "${secrets:/etc/kafka:brokers}"
            })
    void takesWhatKafkasClientsTake(String list) {
        assertThat(BrokerList.check(list)).isEqualTo(list);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka",
                "kafka:",
                ":9092",
                "kafka:http",
                "kafka:70000",
                "::1",
                "::1:9092",
                "a:1,",
                "a:1,,b:2",
                ""
            })
    void refusesWhatIsNoBroker(String list) {
        assertThatThrownBy(() -> BrokerList.check(list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not HOST:PORT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:1,", "a:1,,b:2"})
    void kafkasClientsTakeNoEmptyOnesEither(String list) {
        assertThatThrownBy(
                        () ->
                                AdminClientConfig.configDef()
                                        .parse(Map.of("bootstrap.servers", list)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("must not be empty");
    }
}
