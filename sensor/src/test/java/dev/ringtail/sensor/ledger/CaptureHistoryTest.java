package dev.ringtail.sensor.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ringtail.schema.CaptureReport;
import dev.ringtail.schema.GapReport;

import org.junit.jupiter.api.Test;

class CaptureHistoryTest {
    private final CaptureHistory history = new CaptureHistory();

    @Test
    void attachmentEndsAtItsTimeAndForItsReason() {
        history.attached(capture(1, "eth0", 100));
        history.attached(capture(2, "eth1", 110));

        history.detached(1, 200, "it was deleted");

        assertThat(history.captures())
                .extracting(
                        CaptureReport::getCaptureId,
                        CaptureReport::getDetachedNs,
                        CaptureReport::getDetachReason)
                .containsExactly(tuple(1, 200L, "it was deleted"), tuple(2, 0L, ""));
    }

    @Test
    void gapOfTheInterfaceEndsAlone() {
        history.lost("eth0", 200, "it was deleted");
        history.lost("eth1", 210, "it was down");

        history.regained("eth0", 300);

        assertThat(history.gaps())
                .containsExactly(
                        new GapReport("eth0", 200L, 300L, "it was deleted"),
                        new GapReport("eth1", 210L, 0L, "it was down"));
    }

    @Test
    void attachmentThatCameToNothingLeavesNoTrace() {
        history.attached(capture(1, "eth0", 100));
        history.attached(capture(2, "eth0", 200));

        history.withdrawn(2);

        assertThat(history.captures()).extracting(CaptureReport::getCaptureId).containsExactly(1);
    }

    @Test
    void gapBeginsOnceAndMayBeginAgainAfterItsEnd() {
        history.lost("eth0", 200, "it was down");
        history.lost("eth0", 250, "it was deleted");
        history.regained("eth0", 300);
        history.regained("eth0", 310);
        history.lost("eth0", 400, "it was down");

        assertThat(history.gaps())
                .containsExactly(
                        new GapReport("eth0", 200L, 300L, "it was down, then it was deleted"),
                        new GapReport("eth0", 400L, 0L, "it was down"));
    }

    @Test
    void keepsTheNewestOfWhatHasEndedAndAllThatLasts() {
        history.attached(capture(1, "lasting", 1));
        for (int id = 2; id < 3000; id++) {
            history.attached(capture(id, "eth" + id, id));
            history.detached(id, id, "it was deleted");
            history.lost("eth" + id, id, "it was deleted");
            history.regained("eth" + id, id);
        }

        assertThat(history.captures()).hasSize(1000);
        assertThat(history.captures().getFirst().getInterfaceName()).isEqualTo("lasting");
        assertThat(history.captures().getLast().getCaptureId()).isEqualTo(2999);
        assertThat(history.gaps()).hasSize(1000);
        assertThat(history.gaps().getLast().getInterfaceName()).isEqualTo("eth2999");
    }

    private static CaptureReport capture(int captureId, String interfaceName, long attachedNs) {
        return CaptureReport.newBuilder()
                .setCaptureId(captureId)
                .setInterfaceName(interfaceName)
                .setInterfaceIndex(2)
                .setNetworkNamespaceInode(0)
                .setLinkType(1)
                .setSnapLength(262144)
                .setFilter("")
                .setDescription("")
                .setAttachedNs(attachedNs)
                .build();
    }
}
