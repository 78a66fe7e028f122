package dev.ringtail.sensor.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ringtail.schema.GapReport;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Tally;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

class LedgerOutputTest {
    private final SensorReport twoLanes =
            Reports.report(List.of(Reports.balancedLane(0), Reports.balancedLane(1)));

    @Test
    void summaryHoldsEveryTermByNameInPacketsAndBytes(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("summary.json");

        LedgerSummary.write(twoLanes, file);

        JsonNode root = new ObjectMapper().readTree(file.toFile());
        assertThat(root.get("sensorId").asText()).isEqualTo("alpha");
        assertThat(root.get("sessionId").asText()).isEqualTo("s1");
        assertThat(root.get("startTime").asText()).isEqualTo("1970-01-01T00:00:01Z");
        assertThat(root.get("endTime").asText()).isEqualTo("1970-01-01T00:00:02.500Z");
        assertThat(root.get("balanced").asBoolean()).isTrue();
        JsonNode total = root.get("total");
        assertThat(total.get("kernelPackets").asLong()).isEqualTo(2000);
        assertThat(total.at("/excluded/ownTraffic").asLong()).isEqualTo(400);
        assertThat(total.at("/shed/hand-off full").asLong()).isEqualTo(100);
        assertThat(total.at("/bytes/rejected/RecordTooLargeException").asLong()).isEqualTo(200);
        JsonNode lane = root.at("/lanes/1");
        assertThat(lane.get("lane").asInt()).isEqualTo(1);
        assertThat(lane.get("interface").asText()).isEqualTo("eth1");
        assertThat(lane.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "lane",
                        "interface",
                        "kernelPackets",
                        "kernelDrops",
                        "ringFreezes",
                        "rollover",
                        "received",
                        "published",
                        "excluded",
                        "malformed",
                        "shed",
                        "pending",
                        "acknowledged",
                        "rejected",
                        "unknown",
                        "inFlight",
                        "spooled",
                        "cut",
                        "bytes");
        assertThat(lane.at("/bytes/acknowledged").asLong()).isEqualTo(600);
    }

    @Test
    void tableShowsLanesAndTotalWithoutZeroTerms() {
        assertThat(LedgerTable.of(twoLanes))
                .isEqualTo(
                        """
                        packets                           lane 0 eth0  lane 1 eth1  total   bytes
                        kernelPackets                           1,000        1,000  2,000
                        kernelDrops                               100          100    200
                        ringFreezes                                 3            3      6
                        received                                  900          900  1,800  18,000
                        published                                 100          100    200   1,940
                        excluded ownTraffic                       200          200    400   4,000
                        excluded outgoing                         300          300    600   6,000
                        excluded sampledOut                        40           40     80     800
                        malformed                                 110          110    220   2,200
                        shed hand-off full                         50           50    100   1,000
                        pending                                   100          100    200   2,000
                        acknowledged                               60           60    120   1,200
                        rejected RecordTooLargeException           10           10     20     200
                        unknown                                     5            5     10     100
                        inFlight                                   25           25     50     440
                        cut                                         1            1      2      60
                        540 of 2,000 packets are lost: kernelDrops, malformed, shed hand-off full, rejected RecordTooLargeException
                        10 packets may not have arrived: neither acknowledged nor refused
                        balanced
                        """);
    }

    @Test
    void tableEndsWithWhatDoesNotAddUp() {
        LaneLedger lane = Reports.balancedLane(0);
        lane.setUnknown(new Tally(4L, 50L));

        assertThat(LedgerTable.of(Reports.report(List.of(lane))))
                .endsWith(
                        "not balanced: lane 0: published = acknowledged + rejected + unknown +"
                                + " inFlight + spooled is off by 1 packets (100 against 99)\n");
    }

    @Test
    void gapsAreInTableAndSummary() throws Exception {
        SensorReport report = Reports.report(List.of(Reports.balancedLane(0)));
        report.setGaps(
                List.of(
                        new GapReport("eth0", 1_000_000_000L, 3_500_000_000L, "it was down"),
                        new GapReport("eth1", 2_000_000_000L, 0L, "it was deleted")));

        assertThat(LedgerTable.of(report))
                .endsWith(
                        """
                        gap: eth0 from 1970-01-01T00:00:01Z to 1970-01-01T00:00:03.500Z: it was down
                        gap: eth1 from 1970-01-01T00:00:02Z to the end: it was deleted
                        270 of 1,000 packets are lost: kernelDrops, malformed, shed hand-off full, rejected RecordTooLargeException
                        5 packets may not have arrived: neither acknowledged nor refused
                        balanced
                        """);
        JsonNode gaps = new ObjectMapper().readTree(LedgerSummary.toJson(report)).get("gaps");
        assertThat(gaps.at("/0/interface").asText()).isEqualTo("eth0");
        assertThat(gaps.at("/0/to").asText()).isEqualTo("1970-01-01T00:00:03.500Z");
        assertThat(gaps.at("/1/to").isNull()).isTrue();
    }

    @Test
    void writesNoLanesAsAnEmptyArray() throws Exception {
        JsonNode root =
                new ObjectMapper().readTree(LedgerSummary.toJson(Reports.report(List.of())));

        assertThat(root.get("lanes").isArray()).isTrue();
        assertThat(root.get("balanced").asBoolean()).isTrue();
    }
}
