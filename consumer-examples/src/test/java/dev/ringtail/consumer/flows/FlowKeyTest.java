package dev.ringtail.consumer.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FlowKeyTest {
    @Test
    void isTheSameForBothDirections() {
        FlowKey there = CommunityIdTest.key(Frames.udp("200.0.0.1", 5, "10.0.0.2", 50000, 0));
        FlowKey back = CommunityIdTest.key(Frames.udp("10.0.0.2", 50000, "200.0.0.1", 5, 0));

        assertThat(there).isEqualTo(back);
        assertThat(there.portA()).isEqualTo(50000);
        assertThat(there.portB()).isEqualTo(5);
    }

    @Test
    void ordersEqualAddressesByPort() {
        FlowKey there = CommunityIdTest.key(Frames.udp("::1", 60000, "::1", 53, 0));
        FlowKey back = CommunityIdTest.key(Frames.udp("::1", 53, "::1", 60000, 0));

        assertThat(there).isEqualTo(back);
        assertThat(there.portA()).isEqualTo(53);
    }

    @Test
    void survivesBytes() {
        FlowKey ipv4 = CommunityIdTest.key(Frames.udp("200.0.0.1", 5, "255.0.0.2", 50000, 0));
        FlowKey ipv6 = CommunityIdTest.key(Frames.udp("fe80::1", 65535, "ff02::fb", 1, 0));

        assertThat(FlowKey.fromBytes(ipv4.toBytes())).isEqualTo(ipv4);
        assertThat(ipv4.toBytes()).hasSize(16);
        assertThat(FlowKey.fromBytes(ipv6.toBytes())).isEqualTo(ipv6);
        assertThat(ipv6.toBytes()).hasSize(40);
    }

    @Test
    void refusesBytesOfAnotherLength() {
        assertThatThrownBy(() -> FlowKey.fromBytes(new byte[15]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("15 bytes");
    }
}
