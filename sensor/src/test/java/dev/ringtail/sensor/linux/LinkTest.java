package dev.ringtail.sensor.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.OptionalInt;

class LinkTest {
    private static final int ETHER = 1;
    private static final int NONE = 0xfffe;

    @Test
    void seesSuperFramesWhateverTheMtu() {
        assertThat(link(ETHER, 1500, 65_536, 65_536, 65_536, 65_536).largestFrameBytes())
                .isEqualTo(65_536 + 8 + 14 + 8);
    }

    @Test
    void takesTheLargestOfAllLimits() {
        int usual = link(ETHER, 1500, 65_536, 65_536, 65_536, 65_536).largestFrameBytes();
        int bigTcp = 185_000;

        assertThat(link(ETHER, 1500, bigTcp, 65_536, 65_536, 65_536).largestFrameBytes())
                .isEqualTo(link(ETHER, 1500, 65_536, bigTcp, 65_536, 65_536).largestFrameBytes())
                .isEqualTo(link(ETHER, 1500, 65_536, 65_536, bigTcp, 65_536).largestFrameBytes())
                .isEqualTo(link(ETHER, 1500, 65_536, 65_536, 65_536, bigTcp).largestFrameBytes())
                .isEqualTo(usual + bigTcp - 65_536);
    }

    @Test
    void goesByTheMtuWhereSuperFramesAreSmaller() {
        assertThat(link(ETHER, 9000, 2000, 2000, 2000, 2000).largestFrameBytes())
                .isEqualTo(9000 + 14 + 8);
    }

    @Test
    void leavesRoomForOtherLinksHeaders() {
        assertThat(link(NONE, 1500, 0, 0, 0, 0).largestFrameBytes()).isEqualTo(1500 + 256);
    }

    private static Link link(
            int hardwareType, int mtuBytes, int gso, int gro, int gsoIpv4, int groIpv4) {
        return new Link(
                2,
                "eth0",
                hardwareType,
                0,
                mtuBytes,
                "",
                OperationalState.UP,
                0,
                0,
                OptionalInt.empty(),
                0,
                1,
                1,
                gso,
                gro,
                gsoIpv4,
                groIpv4);
    }
}
