package dev.ringtail.sensor.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.schema.Balance;
import dev.ringtail.schema.CaptureReport;
import dev.ringtail.schema.Imbalance;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.StreamReport;
import dev.ringtail.schema.Tally;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Map;

class LedgerTest {
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00.000000007Z");

    private final Ledger ledger =
            new Ledger(
                    new SessionFacts("alpha", "s1", "host", "ringtail 0.1", 5, 16, "acks=1"),
                    () -> NOW);

    @Test
    void reportsEveryTermOfALane() {
        LaneCounters lane = ledger.addLane(3, "eth0");
        lane.kernel(70, 7, 2);
        lane.kernel(30, 3, 0);
        lane.received(90, 9000);
        lane.published(40, 4000);
        lane.excluded(LaneTerm.EXCLUDED_OWN_TRAFFIC, 20, 2000);
        lane.excluded(LaneTerm.EXCLUDED_OUTGOING, 10, 1000);
        lane.malformed(5, 500);
        lane.pending(99, 9900);
        lane.pending(15, 1400);
        lane.cut(1, 100);
        BatchFacts first = batch(1, 25, 2500);
        BatchFacts second = batch(26, 15, 1500);
        ledger.delivery().taken(first);
        ledger.delivery().taken(second);
        ledger.delivery().acknowledged(first);
        ledger.delivery().rejected(second, "RecordTooLargeException");

        SensorReport report = ledger.snapshot(true);

        LaneLedger found = report.getLanes().getFirst();
        assertThat(found.getLane()).isEqualTo(3);
        assertThat(found.getKernelPackets()).isEqualTo(100);
        assertThat(found.getKernelDrops()).isEqualTo(10);
        assertThat(found.getRingFreezes()).isEqualTo(2);
        assertThat(found.getReceived()).isEqualTo(new Tally(90L, 9000L));
        assertThat(found.getPublished()).isEqualTo(new Tally(40L, 4000L));
        assertThat(found.getExcludedOwnTraffic()).isEqualTo(new Tally(20L, 2000L));
        assertThat(found.getExcludedOutgoing()).isEqualTo(new Tally(10L, 1000L));
        assertThat(found.getMalformed()).isEqualTo(new Tally(5L, 500L));
        assertThat(found.getPending()).isEqualTo(new Tally(15L, 1400L));
        assertThat(found.getAcknowledged()).isEqualTo(new Tally(25L, 2500L));
        assertThat(found.getRejected())
                .containsOnlyKeys("RecordTooLargeException")
                .containsValue(new Tally(15L, 1500L));
        assertThat(found.getInFlight()).isEqualTo(new Tally(0L, 0L));
        assertThat(found.getCut()).isEqualTo(new Tally(1L, 100L));
        assertThat(report.getStreams()).containsExactly(new StreamReport(3, 4, 40L, 25L));
        assertThat(report.getReportTimeNs()).isEqualTo(1_795_168_800_000_000_007L);
        assertThat(report.getWeakened()).isEqualTo("acks=1");
        assertThat(Balance.check(report)).isEmpty();
    }

    @Test
    void countsWhatWaitsBetweenLaneAndPublisherAsInFlightUntilTheFinalReport() {
        ledger.addLane(3, "eth0").published(40, 4000);
        ledger.delivery().taken(batch(1, 25, 2500));

        Tally whileRunning = ledger.snapshot(false).getLanes().getFirst().getInFlight();
        Tally atTheEnd = ledger.snapshot(true).getLanes().getFirst().getInFlight();

        assertThat(whileRunning).isEqualTo(new Tally(40L, 4000L));
        assertThat(atTheEnd).isEqualTo(new Tally(25L, 2500L));
    }

    @Test
    void findsABatchLostBetweenLaneAndPublisher() {
        LaneCounters lane = ledger.addLane(3, "eth0");
        lane.kernel(40, 0, 0);
        lane.received(40, 4000);
        lane.published(40, 4000);
        BatchFacts batch = batch(1, 25, 2500);
        ledger.delivery().taken(batch);
        ledger.delivery().unknown(batch);

        assertThat(Balance.check(ledger.snapshot(true)))
                .extracting(Imbalance::unit)
                .containsExactly("packets", "bytes");
    }

    @Test
    void reportsWhatALaneShedByReasonAndBalancesWithIt() {
        LaneCounters lane = ledger.addLane(3, "eth0");
        lane.kernel(10, 0, 0);
        lane.received(10, 1000);
        lane.shed("stopped", 2, 150);
        lane.shed("hand-off full", 5, 600);
        SensorReport before = ledger.snapshot(true);
        lane.shed("stopped", 3, 250);

        SensorReport after = ledger.snapshot(true);

        assertThat(after.getLanes().getFirst().getShed())
                .isEqualTo(
                        Map.of(
                                "stopped",
                                new Tally(5L, 400L),
                                "hand-off full",
                                new Tally(5L, 600L)));
        assertThat(Balance.check(after)).isEmpty();
        assertThat(before.getLanes().getFirst().getShed())
                .containsEntry("stopped", new Tally(2L, 150L));
        assertThat(Balance.check(before))
                .extracting(Imbalance::unit)
                .containsExactly("packets", "bytes");
    }

    @Test
    void refusesASecondAccountForALane() {
        ledger.addLane(0, "eth0");

        assertThatThrownBy(() -> ledger.addLane(0, "eth1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lane 0");
    }

    @Test
    void reportsCapturesAndLateRuns() {
        CaptureReport capture =
                CaptureReport.newBuilder()
                        .setCaptureId(1)
                        .setInterfaceName("eth0")
                        .setInterfaceIndex(2)
                        .setNetworkNamespaceInode(3)
                        .setLinkType(1)
                        .setSnapLength(262144)
                        .setFilter("tcp")
                        .setDescription("")
                        .build();
        ledger.captures().attached(capture);
        ledger.lateRuns().add(4, 10, 20, 30);

        SensorReport report = ledger.snapshot(false);

        assertThat(report.getCaptures()).containsExactly(capture);
        assertThat(report.getLateRuns()).hasSize(1);
    }

    private static BatchFacts batch(long firstNumber, int packets, long bytes) {
        return new BatchFacts(3, 4, firstNumber, packets, bytes, 1, 2);
    }
}
