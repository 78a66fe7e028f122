package dev.ringtail.sensor.linux;

import static dev.ringtail.sensor.linux.Structs.HWTSTAMP_CONFIG;
import static dev.ringtail.sensor.linux.Structs.IFREQ;
import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;

/// The protocol with a driver, played by the test.
class HardwareTimestampsTest {
    private static final int FILTER_NONE = 0;
    private static final int FILTER_ALL = 1;
    private static final int FILTER_PTP_V2 = 12;
    private static final int TX_ON = 1;

    private int getResult;
    private int setResult;
    private int rxFilter = FILTER_NONE;
    private int txType = TX_ON;
    private int largestFilter = FILTER_ALL;
    private int setCount;

    private final LibC libc = ScriptedLibC.answering("ioctl", this::ioctl);

    @Test
    void leavesADeviceAloneThatStampsAllAlready() {
        rxFilter = FILTER_ALL;

        assertThat(HardwareTimestamps.enable(libc, "eth0")).isFalse();
        assertThat(setCount).isZero();
    }

    @Test
    void switchesItOnAndKeepsWhatIsDoneWithSentPackets() {
        rxFilter = FILTER_PTP_V2;

        assertThat(HardwareTimestamps.enable(libc, "eth0")).isTrue();
        assertThat(rxFilter).isEqualTo(FILTER_ALL);
        assertThat(txType).isEqualTo(TX_ON);
    }

    @Test
    void switchesItOnWhereTheDriverCanNotTell() {
        getResult = -Errno.EOPNOTSUPP.number();

        assertThat(HardwareTimestamps.enable(libc, "eth0")).isTrue();
        assertThat(rxFilter).isEqualTo(FILTER_ALL);
    }

    @Test
    void namesTheCapabilityThatIsMissing() {
        setResult = -Errno.EPERM.number();

        assertThatThrownBy(() -> HardwareTimestamps.enable(libc, "eth0"))
                .isInstanceOf(MissingCapabilityException.class)
                .hasMessageContaining("CAP_NET_ADMIN");
    }

    @Test
    void saysWhenTheDeviceHasNone() {
        for (Errno errno : new Errno[] {Errno.EOPNOTSUPP, Errno.ERANGE}) {
            setResult = -errno.number();

            assertThatThrownBy(() -> HardwareTimestamps.enable(libc, "eth0"))
                    .isInstanceOf(SyscallException.class)
                    .hasMessageContaining(errno.name())
                    .hasMessageEndingWith(
                            "; eth0 has no hardware stamps for all packets it receives");
        }
    }

    @Test
    void doesNotTakeADriverAtItsWordThatDoesLess() {
        largestFilter = FILTER_PTP_V2;

        assertThatThrownBy(() -> HardwareTimestamps.enable(libc, "eth0"))
                .isInstanceOf(SyscallException.class)
                .hasMessageContaining("ERANGE");
    }

    private Object ioctl(Object[] arguments) {
        MemorySegment config =
                ((MemorySegment) arguments[2])
                        .get(ADDRESS, offsetOf(IFREQ, "ifr_ifindex"))
                        .reinterpret(HWTSTAMP_CONFIG.byteSize());
        long filterAt = offsetOf(HWTSTAMP_CONFIG, "rx_filter");
        long typeAt = offsetOf(HWTSTAMP_CONFIG, "tx_type");
        if ((long) arguments[1] == EthernetConstants.SIOCGHWTSTAMP) {
            if (getResult == 0) {
                config.set(JAVA_INT, filterAt, rxFilter);
                config.set(JAVA_INT, typeAt, txType);
            }
            return getResult;
        }
        setCount++;
        if (setResult == 0) {
            rxFilter = largestFilter;
            txType = config.get(JAVA_INT, typeAt);
            config.set(JAVA_INT, filterAt, rxFilter);
        }
        return setResult;
    }
}
