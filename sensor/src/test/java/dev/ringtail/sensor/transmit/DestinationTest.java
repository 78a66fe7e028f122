package dev.ringtail.sensor.transmit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.sensor.config.InvalidConfigException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;

class DestinationTest {
    @Test
    void takesANameWithoutSchemeForAnInterface() {
        assertThat(Destination.parse("eth1")).isEqualTo(new Destination.Interface("eth1"));
    }

    @ParameterizedTest
    @CsvSource({
        "udp:10.1.2.3:5000, 10.1.2.3, 5000",
        "udp:10.1.2.3, 10.1.2.3, 4789",
        "udp:[fd00::1]:65535, fd00::1, 65535",
        "udp:[fd00::1], fd00::1, 4789"
    })
    void readsAReceiver(String text, String host, int port) {
        assertThat(Destination.parse(text))
                .isEqualTo(new Destination.Udp(new InetSocketAddress(host, port)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "udp:",
                "udp::5000",
                "udp:10.1.2.3:0",
                "udp:10.1.2.3:65536",
                "udp:10.1.2.3:x",
                "udp:fd00::1",
                "udp:[fd00::1",
                "udp:[]:1"
            })
    void refusesWhatIsNoReceiver(String text) {
        assertThatThrownBy(() -> Destination.parse(text))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage(
                        "--to: '%s' is not udp:HOST, udp:HOST:PORT or udp:[IPV6]:PORT, with a port from 1 to 65535"
                                .formatted(text));
    }
}
