package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.schema.FlowEndReason;
import dev.ringtail.schema.FlowRecord;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

class LiveViewTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final Figures EARLIER = new Figures(0, 1_000, 100_000, 1_000, 0, 0, 0);
    private static final Figures NOW = new Figures(2 * SECOND_NS, 5_000, 4_100_000, 4_700, 3, 7, 9);

    private final StringWriter shown = new StringWriter();

    @Test
    void printsOneLineATimeWhereThereIsNoTerminal() {
        LiveView view = new LiveView(new PrintWriter(shown), false);
        view.show("2 s", EARLIER, NOW, List.of(BusyFlow.of(flow(4, 1_000))));
        assertThat(shown.toString().strip())
                .isEqualTo(
                        "2 s  2,000 packets/s  2.0 MB/s  kernel drops 3  lag 300 packets"
                                + "  busiest TCP 10.0.0.1:1000 > 10.0.0.2:80");
    }

    @Test
    void redrawsOverItsOwnLinesOnATerminal() {
        LiveView view = new LiveView(new PrintWriter(shown), true);
        view.show("1 s", EARLIER, EARLIER, List.of());
        long lines = shown.toString().lines().count();
        assertThat(shown.toString()).doesNotContain("\033[" + lines + "A");
        view.show("2 s", EARLIER, NOW, List.of());
        assertThat(shown.toString()).contains("\033[" + lines + "A");
        assertThat(shown.toString().lines().count()).isEqualTo(2 * lines);
    }

    @Test
    void noLineIsWiderThanATerminal() {
        LiveView view = new LiveView(new PrintWriter(shown), true);
        FlowRecord flow = flow(6, 1);
        flow.setSourceAddress("2001:db8:1111:2222:3333:4444:5555:6666");
        flow.setDestinationAddress("2001:db8:1111:2222:3333:4444:5555:7777");
        view.show("2 s", EARLIER, NOW, List.of(BusyFlow.of(flow)));
        assertThat(shown.toString().lines()).allMatch(l -> l.replace("\033[2K", "").length() <= 79);
    }

    @Test
    void bytesAreShownInDecimalUnits() {
        assertThat(LiveView.bytes(0)).isEqualTo("0 B");
        assertThat(LiveView.bytes(999)).isEqualTo("999 B");
        assertThat(LiveView.bytes(2_140_000)).isEqualTo("2.1 MB");
        assertThat(LiveView.bytes(3.2e12)).isEqualTo("3.2 TB");
    }

    private static FlowRecord flow(int ipVersion, long octets) {
        return FlowRecord.newBuilder()
                .setCommunityId("1:a")
                .setLinkType(1)
                .setIpVersion(ipVersion)
                .setProtocol(6)
                .setSourceAddress("10.0.0.1")
                .setDestinationAddress("10.0.0.2")
                .setSourcePort(1000)
                .setDestinationPort(80)
                .setForwardPackets(1)
                .setForwardOctets(octets)
                .setReversePackets(0)
                .setReverseOctets(0)
                .setFirstTimestampNs(0)
                .setLastTimestampNs(1)
                .setForwardTcpFlags(2)
                .setReverseTcpFlags(0)
                .setEndReason(FlowEndReason.ACTIVE_TIMEOUT)
                .build();
    }
}
