package dev.ringtail.consumer.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.schema.FlowEndReason;
import dev.ringtail.schema.FlowRecord;

import org.junit.jupiter.api.Test;

import java.util.List;

class FlowTotalsTest {
    private final FlowRecordFactory records = new FlowRecordFactory();
    private final FlowTotals totals = new FlowTotals();

    @Test
    void addsRecordsOfBothDirectionsUpFromTheEarliestSource() {
        totals.add(record("10.0.0.2", 53, "10.0.0.1", 999, 2000, 70, Frames.ACK));
        totals.add(record("10.0.0.1", 999, "10.0.0.2", 53, 1000, 30, Frames.SYN));

        List<FlowRecord> rows = totals.byOctets();

        assertThat(rows).hasSize(1);
        FlowRecord row = rows.getFirst();
        assertThat(row.getSourceAddress()).isEqualTo("10.0.0.1");
        assertThat(row.getForwardOctets()).isEqualTo(30);
        assertThat(row.getReverseOctets()).isEqualTo(70);
        assertThat(row.getForwardTcpFlags()).isEqualTo(Frames.SYN);
        assertThat(row.getReverseTcpFlags()).isEqualTo(Frames.ACK);
        assertThat(row.getFirstTimestampNs()).isEqualTo(1000);
        assertThat(row.getLastTimestampNs()).isEqualTo(2000);
    }

    @Test
    void putsMostOctetsFirst() {
        totals.add(record("10.0.0.1", 1, "10.0.0.2", 2, 0, 10, 0));
        totals.add(record("10.0.0.1", 3, "10.0.0.2", 4, 0, 20, 0));

        assertThat(totals.byOctets()).extracting(FlowRecord::getSourcePort).containsExactly(3, 1);
    }

    @Test
    void writesARowAsItIsRead() {
        FlowRecord flow =
                record("fd00::1", 999, "fd00::2", 53, 1_700_000_000_000_000_001L, 30, Frames.SYN);

        assertThat(FlowRow.of(flow).replaceAll(" +", " "))
                .isEqualTo(
                        "tcp [fd00::1]:999 [fd00::2]:53 1 30 0 0 2023-11-14T22:13:20.000000001Z"
                                + " 0.000000 S - "
                                + flow.getCommunityId());
    }

    private FlowRecord record(
            String source,
            int sourcePort,
            String destination,
            int destinationPort,
            long timestampNs,
            long octets,
            int flags) {
        FlowKey key =
                CommunityIdTest.key(
                        Frames.tcp(source, sourcePort, destination, destinationPort, flags, 0));
        boolean fromA = key.portA() == sourcePort;
        FlowAggregate flow = new FlowAggregate();
        flow.add(fromA, timestampNs, octets, flags);
        return records.record(key, flow, FlowEndReason.END_OF_INPUT);
    }
}
