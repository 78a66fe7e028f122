package dev.ringtail.sensor.interfaces;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.sensor.interfaces.InterfaceDescription.State;
import dev.ringtail.sensor.linux.Offloads;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

class InterfaceOutputTest {
    private static final InterfaceDescription ETH0 =
            new InterfaceDescription(
                    "eth0",
                    2,
                    LinkType.ETHERNET,
                    false,
                    OptionalInt.of(1500),
                    State.UP,
                    "ixgbe",
                    OptionalInt.of(8),
                    Optional.of(new Offloads(true, false, true, false)),
                    65_566,
                    Optional.of(true),
                    true,
                    "");
    private static final InterfaceDescription PPP0 =
            new InterfaceDescription(
                    "ppp0",
                    13,
                    LinkType.LINUX_SLL2,
                    true,
                    OptionalInt.empty(),
                    State.DOWN,
                    "",
                    OptionalInt.empty(),
                    Optional.empty(),
                    1756,
                    Optional.empty(),
                    false,
                    "it is down (ip link set ppp0 up)");

    @Test
    void tableHasAColumnForEachFact() {
        assertThat(InterfaceTable.of(List.of(ETH0, PPP0)))
                .isEqualTo(
                        """
                        NAME  INDEX  LINK TYPE            MTU   STATE  KIND   QUEUES  OFFLOADS  LARGEST FRAME  HW STAMPS  PROMISC  CAPTURE
                        eth0  2      ETHERNET             1500  up     ixgbe  8       gro,tso   65566          yes        yes      yes
                        ppp0  13     LINUX_SLL2 (cooked)  -     down   -      -       -         1756           -          no       no: it is down (ip link set ppp0 up)
                        """);
    }

    @Test
    void jsonHasTheSameFactsAndNullForWhatIsNotKnown() throws Exception {
        JsonNode all = new ObjectMapper().readTree(InterfaceJson.of(List.of(ETH0, PPP0)));

        assertThat(all.get(0))
                .isEqualTo(
                        new ObjectMapper()
                                .readTree(
                                        """
                                        {"name": "eth0", "index": 2, "linkType": 1,
                                         "linkTypeName": "ETHERNET", "cooked": false,
                                         "mtuBytes": 1500, "state": "up", "kind": "ixgbe",
                                         "rxQueueCount": 8,
                                         "offloads": {"gro": true, "lro": false, "tso": true,
                                                      "gso": false},
                                         "largestFrameBytes": 65566, "hardwareTimestamps": true,
                                         "promiscuous": true, "capturable": true,
                                         "problem": null}
                                        """));
        assertThat(all.get(1))
                .isEqualTo(
                        new ObjectMapper()
                                .readTree(
                                        """
                                        {"name": "ppp0", "index": 13, "linkType": 276,
                                         "linkTypeName": "LINUX_SLL2", "cooked": true,
                                         "mtuBytes": null, "state": "down", "kind": null,
                                         "rxQueueCount": null, "offloads": null,
                                         "largestFrameBytes": 1756, "hardwareTimestamps": null,
                                         "promiscuous": false, "capturable": false,
                                         "problem": "it is down (ip link set ppp0 up)"}
                                        """));
    }
}
