package dev.ringtail.consumer.flows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;

class AddressTextTest {
    @ParameterizedTest
    @CsvSource({
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:DB8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "1:0:0:0:0:0:0:0, 1::",
        "fe80:0:0:0:0abc:0:0:0, fe80::abc:0:0:0",
    })
    void writesIpv6AsRfc5952Recommends(String any, String recommended) {
        ByteBuffer address = ByteBuffer.wrap(Frames.address(any));

        assertThat(AddressText.ipv6(address.getLong(), address.getLong())).isEqualTo(recommended);
    }

    @Test
    void writesMappedAddressesWithADottedTail() {
        assertThat(AddressText.ipv6(0, 0xffffc0000280L)).isEqualTo("::ffff:192.0.2.128");
    }

    @Test
    void writesIpv4Unsigned() {
        assertThat(AddressText.ipv4(0xff0a0080L)).isEqualTo("255.10.0.128");
    }
}
