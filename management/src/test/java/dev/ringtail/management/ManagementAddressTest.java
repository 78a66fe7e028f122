package dev.ringtail.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagementAddressTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9464", "[::1]:9464", "localhost:0", "0.0.0.0:65535"})
    void readsWhatItWrites(String text) {
        assertThat(ManagementAddress.parse(text)).hasToString(text);
    }

    @Test
    void takesBracketsOffAnIpv6Address() {
        assertThat(ManagementAddress.parse("[::1]:9464").host()).isEqualTo("::1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "9464", "localhost", "localhost:", "localhost:http", "::1:9464"})
    void refusesWhatIsNoAddress(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ManagementAddress.parse(text))
                .withMessage("'%s' is not HOST:PORT, such as 127.0.0.1:9464 or [::1]:9464", text);
    }

    @Test
    void namesWhatIsAllowed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ManagementAddress.parse("localhost:65536"))
                .withMessage("port 65536 is not between 0 and 65535");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ManagementAddress.parse(":9464"))
                .withMessage("no address is given; 0.0.0.0 stands for all");
    }
}
