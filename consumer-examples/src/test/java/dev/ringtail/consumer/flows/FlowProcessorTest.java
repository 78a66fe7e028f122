package dev.ringtail.consumer.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ringtail.schema.FlowEndReason;
import dev.ringtail.schema.FlowRecord;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

class FlowProcessorTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_700_000_000L * SECOND;

    private static final String A = "10.0.0.1";
    private static final String B = "10.0.0.2";

    @TempDir private Path folder;
    private FlowAnalysisDriver driver;

    @BeforeEach
    void openDriver() {
        driver = new FlowAnalysisDriver(folder);
    }

    @AfterEach
    void closeDriver() {
        driver.close();
    }

    @Test
    void countsBothDirectionsFromTheFirstSender() {
        driver.send(
                new BatchBuilder("s", 1)
                        .add(START, Frames.tcp(B, 999, A, 80, Frames.SYN, 0))
                        .add(START + 1, Frames.tcp(A, 80, B, 999, Frames.SYN | Frames.ACK, 0))
                        .add(START + 2, Frames.tcp(B, 999, A, 80, Frames.ACK, 100), 2000));
        driver.endInput();

        List<FlowRecord> records = driver.records();

        assertThat(records).hasSize(1);
        FlowRecord flow = records.getFirst();
        assertThat(flow.getSourceAddress()).isEqualTo(B);
        assertThat(flow.getSourcePort()).isEqualTo(999);
        assertThat(flow.getDestinationAddress()).isEqualTo(A);
        assertThat(flow.getDestinationPort()).isEqualTo(80);
        assertThat(flow.getForwardPackets()).isEqualTo(2);
        assertThat(flow.getForwardOctets()).isEqualTo(54 + 2000);
        assertThat(flow.getReversePackets()).isEqualTo(1);
        assertThat(flow.getReverseOctets()).isEqualTo(54);
        assertThat(flow.getForwardTcpFlags()).isEqualTo(Frames.SYN | Frames.ACK);
        assertThat(flow.getReverseTcpFlags()).isEqualTo(Frames.SYN | Frames.ACK);
        assertThat(flow.getFirstTimestampNs()).isEqualTo(START);
        assertThat(flow.getLastTimestampNs()).isEqualTo(START + 2);
        assertThat(flow.getEndReason()).isEqualTo(FlowEndReason.END_OF_INPUT);
        assertThat(flow.getProtocol()).isEqualTo(6);
        assertThat(flow.getIpVersion()).isEqualTo(4);
        assertThat(flow.getLinkType()).isEqualTo(1);
        assertThat(flow.getFragments()).isFalse();
    }

    @Test
    void takesTheEarliestPacketsSenderAsSourceThoughItCameSecond() {
        driver.send(
                new BatchBuilder("s", 1)
                        .add(START + 5, Frames.udp(A, 53, B, 999, 1))
                        .add(START, Frames.udp(B, 999, A, 53, 1)));
        driver.endInput();

        assertThat(driver.records())
                .singleElement()
                .extracting(FlowRecord::getSourceAddress)
                .isEqualTo(B);
    }

    @Test
    void endsAnIdleFlowWhenAnotherFlowsPacketsMoveTimeOn() {
        driver.send(new BatchBuilder("s", 1).add(START, Frames.udp(A, 1, B, 2, 10)));
        driver.send(
                new BatchBuilder("s", 2).add(START + 15 * SECOND - 1, Frames.udp(A, 3, B, 4, 10)));
        assertThat(driver.records()).isEmpty();

        driver.send(new BatchBuilder("s", 3).add(START + 15 * SECOND, Frames.udp(A, 3, B, 4, 10)));

        assertThat(driver.records())
                .extracting(FlowRecord::getSourcePort, FlowRecord::getEndReason)
                .containsExactly(tuple(1, FlowEndReason.IDLE_TIMEOUT));
        assertThat(driver.openFlows()).isEqualTo(1);
    }

    @Test
    void keepsAFlowOpenWhileItsPacketsCome() {
        for (int i = 0; i < 5; i++) {
            driver.send(
                    new BatchBuilder("s", 1 + i)
                            .add(START + i * 10L * SECOND, Frames.udp(A, 1, B, 2, 10)));
        }

        assertThat(driver.records()).isEmpty();
        driver.endInput();
        assertThat(driver.records()).extracting(FlowRecord::getForwardPackets).containsExactly(5L);
    }

    @Test
    void splitsAFlowThatPausesWithinABatch() {
        driver.send(
                new BatchBuilder("s", 1)
                        .add(START, Frames.udp(A, 1, B, 2, 10))
                        .add(START + 15 * SECOND, Frames.udp(B, 2, A, 1, 10)));
        driver.endInput();

        assertThat(driver.records())
                .extracting(FlowRecord::getSourceAddress, FlowRecord::getEndReason)
                .containsExactly(
                        tuple(A, FlowEndReason.IDLE_TIMEOUT), tuple(B, FlowEndReason.END_OF_INPUT));
    }

    @Test
    void closesARecordAtTheActiveTimeoutAndKeepsTheDirection() {
        for (int i = 0; i <= 6; i++) {
            byte[] frame = i == 0 ? Frames.udp(B, 2, A, 1, 10) : Frames.udp(A, 1, B, 2, 10);
            driver.send(new BatchBuilder("s", 1 + i).add(START + i * 10L * SECOND, frame));
        }
        driver.endInput();

        assertThat(driver.records())
                .extracting(
                        FlowRecord::getSourceAddress,
                        FlowRecord::getForwardPackets,
                        FlowRecord::getReversePackets,
                        FlowRecord::getEndReason)
                .containsExactly(
                        tuple(B, 1L, 5L, FlowEndReason.ACTIVE_TIMEOUT),
                        tuple(B, 0L, 1L, FlowEndReason.END_OF_INPUT));
    }

    @Test
    void givesALateBatchRecordsOfItsOwn() {
        driver.send(new BatchBuilder("live", 1).add(START, Frames.udp(A, 1, B, 2, 10)));
        driver.send(
                new BatchBuilder("import", 1)
                        .add(START - 3600 * SECOND, Frames.udp(B, 2, A, 1, 20))
                        .add(START - 3599 * SECOND, Frames.udp(B, 2, A, 1, 20))
                        .add(START - 3600 * SECOND, Frames.udp(A, 7, B, 8, 30)));

        assertThat(driver.records())
                .extracting(FlowRecord::getSourcePort, FlowRecord::getForwardPackets)
                .containsExactlyInAnyOrder(tuple(2, 2L), tuple(7, 1L));
        assertThat(driver.openFlows()).isEqualTo(1);
        driver.endInput();
        assertThat(driver.records())
                .extracting(FlowRecord::getFirstTimestampNs, FlowRecord::getForwardPackets)
                .containsExactly(tuple(START, 1L));
    }

    @Test
    void skipsABatchThatWasSeen() {
        BatchBuilder batch =
                new BatchBuilder("s", 1)
                        .add(START, Frames.udp(A, 1, B, 2, 10))
                        .add(START + 1, Frames.udp(A, 1, B, 2, 10));
        driver.send(batch);
        driver.send(batch);
        driver.endInput();

        assertThat(driver.records()).extracting(FlowRecord::getForwardPackets).containsExactly(2L);
        assertThat(driver.counters().duplicatePackets()).isEqualTo(2);
        assertThat(driver.counters().packets()).isEqualTo(2);
    }

    @Test
    void skipsTheSeenPacketsOfABatchThatOverlaps() {
        BatchBuilder first = new BatchBuilder("s", 1);
        BatchBuilder overlapping = new BatchBuilder("s", 3);
        for (int i = 0; i < 4; i++) {
            first.add(START + i, Frames.udp(A, 1, B, 2, 10));
            overlapping.add(START + 2 + i, Frames.udp(A, 1, B, 2, 10));
        }
        driver.send(overlapping);
        driver.send(first);
        driver.endInput();

        assertThat(driver.records())
                .extracting(
                        FlowRecord::getForwardPackets,
                        FlowRecord::getFirstTimestampNs,
                        FlowRecord::getLastTimestampNs)
                .containsExactly(tuple(6L, START, START + 5));
    }

    @Test
    void takesEqualNumbersOfAnotherSessionAsOtherPackets() {
        driver.send(new BatchBuilder("one", 1).add(START, Frames.udp(A, 1, B, 2, 10)));
        driver.send(new BatchBuilder("two", 1).add(START, Frames.udp(A, 1, B, 2, 10)));
        driver.endInput();

        assertThat(driver.records()).extracting(FlowRecord::getForwardPackets).containsExactly(2L);
    }

    @Test
    void beginsAnotherFlowWhenAClosedPortIsUsedAgain() {
        driver.send(
                new BatchBuilder("s", 1)
                        .add(START, Frames.tcp(A, 1, B, 80, Frames.SYN, 0))
                        .add(START + 1, Frames.tcp(A, 1, B, 80, Frames.FIN | Frames.ACK, 0))
                        .add(START + 2, Frames.tcp(B, 80, A, 1, Frames.FIN | Frames.ACK, 0))
                        .add(START + 3, Frames.tcp(A, 1, B, 80, Frames.ACK, 0))
                        .add(START + 4, Frames.tcp(A, 1, B, 80, Frames.SYN, 0)));
        driver.endInput();

        assertThat(driver.records())
                .extracting(FlowRecord::getForwardPackets, FlowRecord::getEndReason)
                .containsExactly(
                        tuple(3L, FlowEndReason.END_OF_FLOW),
                        tuple(1L, FlowEndReason.END_OF_INPUT));
    }

    @Test
    void saysThatAnIdleClosedConnectionHasEnded() {
        driver.send(
                new BatchBuilder("s", 1)
                        .add(START, Frames.tcp(A, 1, B, 80, Frames.SYN, 0))
                        .add(START + 1, Frames.tcp(B, 80, A, 1, Frames.RST, 0))
                        .add(START + 20 * SECOND, Frames.udp(A, 1, B, 80, 0)));

        assertThat(driver.records())
                .extracting(FlowRecord::getEndReason)
                .containsExactly(FlowEndReason.END_OF_FLOW);
    }

    @Test
    void findsEachOfManyFlowsOfABatchAgain() {
        BatchBuilder batch = new BatchBuilder("s", 1);
        for (int i = 0; i < 6000; i++) {
            batch.add(START + i, Frames.udp(A, 1 + i % 3000, B, 2, 10));
        }
        driver.send(batch);
        driver.endInput();

        assertThat(driver.records())
                .hasSize(3000)
                .extracting(FlowRecord::getForwardPackets)
                .containsOnly(2L);
    }

    @Test
    void keepsFragmentsApart() {
        driver.send(
                new BatchBuilder("s", 1)
                        .add(START, Frames.udp(A, 1, B, 2, 10))
                        .add(START + 1, Frames.fragment(A, B, 17, 0x2000, new byte[16]))
                        .add(START + 2, Frames.fragment(A, B, 17, 2, new byte[8])));
        driver.endInput();

        assertThat(driver.records())
                .extracting(
                        FlowRecord::getFragments,
                        FlowRecord::getSourcePort,
                        FlowRecord::getDestinationPort,
                        FlowRecord::getForwardPackets)
                .containsExactlyInAnyOrder(tuple(false, 1, 2, 1L), tuple(true, 0, 0, 2L));
    }

    @Test
    void countsPacketsWithoutIpOutsideOfFlows() {
        driver.send(
                new BatchBuilder("s", 1).add(START, Frames.arp()).add(START, new byte[] {1, 2}));
        driver.endInput();

        assertThat(driver.records()).isEmpty();
        assertThat(driver.counters().packetsWithoutFlow()).isEqualTo(2);
    }

    @Test
    void skipsACorruptBatchWholeAndGoesOn() {
        BatchBuilder batch = new BatchBuilder("s", 1);
        for (int i = 0; i < 10; i++) {
            batch.add(START + i, Frames.udp(A, 1, B, 2, 10));
        }
        byte[] whole = batch.encode();
        driver.send(Arrays.copyOf(whole, whole.length - 20));
        driver.send(new byte[0]);
        driver.send(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
        driver.send(whole);
        driver.endInput();

        assertThat(driver.counters().corruptBatches()).isEqualTo(3);
        assertThat(driver.records()).extracting(FlowRecord::getForwardPackets).containsExactly(10L);
    }

    @Test
    void survivesAnyByteOfABatchChanged() {
        byte[] whole =
                new BatchBuilder("s", 1)
                        .add(START, Frames.udp(A, 1, B, 2, 10))
                        .add(START + 1, Frames.tcp(A, 1, B, 2, 2, 10))
                        .encode();
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= (byte) 0xff;
            driver.send(changed);
        }
        driver.endInput();

        assertThat(driver.counters().corruptBatches()).isPositive();
        assertThat(driver.counters().batches() + driver.counters().corruptBatches())
                .isEqualTo(whole.length);
    }

    @Test
    void takesTimestampsFromTheEndsOfTime() {
        for (long timestampNs : new long[] {Long.MIN_VALUE, -1, Long.MAX_VALUE, 0}) {
            driver.send(
                    new BatchBuilder("s" + timestampNs, 1)
                            .add(timestampNs, Frames.udp(A, 1, B, 2, 10)));
        }
        driver.endInput();

        assertThat(driver.records().stream().mapToLong(FlowRecord::getForwardPackets).sum())
                .isEqualTo(4);
    }

    /// The commit that it asks for comes after it has written.
    @Test
    void tellsThatAllTasksWroteTheirOpenFlowsWhenThatIsCommitted() {
        driver.send(new BatchBuilder("s", 1).add(START, Frames.udp(A, 1, B, 2, 10)));
        assertThat(driver.isFlushed()).isFalse();

        driver.endInput();

        assertThat(driver.openFlows()).isZero();
        assertThat(driver.isFlushed()).isFalse();
        driver.passTime();
        assertThat(driver.isFlushed()).isTrue();
    }
}
