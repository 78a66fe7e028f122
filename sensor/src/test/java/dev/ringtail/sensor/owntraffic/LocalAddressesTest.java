package dev.ringtail.sensor.owntraffic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

class LocalAddressesTest {
    @RepeatedTest(10)
    void containsWhatItWasGivenAndNothingElse(RepetitionInfo repetition) throws Exception {
        long seed = repetition.getCurrentRepetition();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Set<InetAddress> given = randomAddresses(random, random.nextInt(200));
        LocalAddresses addresses = new LocalAddresses(given);

        assertThat(given).allMatch(a -> contains(addresses, a));
        Set<InetAddress> others = randomAddresses(random, 500);
        others.removeAll(given);
        assertThat(others).noneMatch(a -> contains(addresses, a));
    }

    @Test
    void takesTheWholeLoopbackNetworkAsLocal() {
        assertThat(LocalAddresses.NONE.contains4(0x7f_12_34_56)).isTrue();
        assertThat(LocalAddresses.NONE.contains4(0x80_12_34_56)).isFalse();
        assertThat(LocalAddresses.NONE.contains6(0, 1)).isFalse();
    }

    @Test
    void listsTheAddressesOfThisHost() throws Exception {
        LocalAddresses here = LocalAddresses.ofThisHost();

        assertThat(contains(here, InetAddress.getByName("127.0.0.1"))).isTrue();
        assertThat(contains(here, InetAddress.getByName("192.0.2.77"))).isFalse();
    }

    private static Set<InetAddress> randomAddresses(Random random, int count)
            throws UnknownHostException {
        Set<InetAddress> addresses = new HashSet<>();
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            bytes[0] = 10;
            addresses.add(InetAddress.getByAddress(bytes));
        }
        return addresses;
    }

    private static boolean contains(LocalAddresses addresses, InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet4Address
                ? addresses.contains4(bytes.getInt())
                : addresses.contains6(bytes.getLong(), bytes.getLong());
    }
}
