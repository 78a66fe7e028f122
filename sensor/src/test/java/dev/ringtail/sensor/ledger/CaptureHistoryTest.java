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
    void nextAttachmentOfTheInterfaceEndsItsGapAlone() {
        history.lost("eth0", 200, "it was deleted");
        history.lost("eth1", 210, "it was down");

        history.attached(capture(3, "eth0", 300));

        assertThat(history.gaps())
                .containsExactly(
                        new GapReport("eth0", 200L, 300L, "it was deleted"),
                        new GapReport("eth1", 210L, 0L, "it was down"));
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
