package dev.ringtail.consumer.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.schema.FlowRecord;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// The analysis against naive maps, on seeded random packets.
class FlowOracleTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir private Path folder;

    /// What a record says, apart from its direction.
    private record Span(long firstNs, long lastNs, long packets, long octets) {}

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13, 14})
    void countsEachPacketOnceWhateverIsLateRepeatedOrOverlaps(long seed) {
        List<TimedPacket> packets = new RandomTraffic(seed, true).packets(4000, 40, 400 * SECOND);
        List<BatchBuilder> batches = disorder(packets, new Random(seed));
        DirectedTotals expected = new DirectedTotals();
        packets.forEach(expected::add);

        DirectedTotals actual = new DirectedTotals();
        try (FlowAnalysisDriver driver = new FlowAnalysisDriver(folder)) {
            batches.forEach(driver::send);
            driver.endInput();
            for (FlowRecord record : driver.records()) {
                actual.add(record);
                assertThat(record.getLastTimestampNs() - record.getFirstTimestampNs())
                        .isBetween(0L, FlowTimeouts.DEFAULT.activeNs() - 1);
            }
        }

        assertThat(actual.byDirection()).isEqualTo(expected.byDirection());
    }

    /// Cuts each of three streams into batches, some of which repeat or overlap others, and sends
    /// one stream long after the rest, as a spool or an import would.
    private static List<BatchBuilder> disorder(List<TimedPacket> packets, Random random) {
        List<BatchBuilder> early = new ArrayList<>();
        List<BatchBuilder> late = new ArrayList<>();
        for (int stream = 0; stream < 3; stream++) {
            List<TimedPacket> own = new ArrayList<>();
            for (int i = stream; i < packets.size(); i += 3) {
                own.add(packets.get(i));
            }
            List<BatchBuilder> batches = stream == 2 ? late : early;
            for (int from = 0; from < own.size(); from += 50) {
                int begin = Math.max(0, from - random.nextInt(30));
                BatchBuilder batch = new BatchBuilder("session" + stream, begin + 1);
                own.subList(begin, Math.min(own.size(), from + 50))
                        .forEach(packet -> batch.add(packet.timestampNs(), packet.frame()));
                batches.add(batch);
                if (random.nextInt(4) == 0) {
                    batches.add(batch);
                }
            }
        }
        Collections.shuffle(early.subList(0, early.size() / 2), random);
        early.addAll(late);
        return early;
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {21, 22, 23, 24})
    void splitsRecordsWhereANaiveMeterDoes(long seed) {
        List<TimedPacket> packets = new RandomTraffic(seed, false).packets(1500, 30, 600 * SECOND);
        Random random = new Random(seed);

        Map<String, List<Span>> actual = new LinkedHashMap<>();
        try (FlowAnalysisDriver driver = new FlowAnalysisDriver(folder)) {
            for (int from = 0, to; from < packets.size(); from = to) {
                to = Math.min(packets.size(), from + 1 + random.nextInt(60));
                BatchBuilder batch = new BatchBuilder("s", from + 1);
                packets.subList(from, to).forEach(p -> batch.add(p.timestampNs(), p.frame()));
                driver.send(batch);
            }
            driver.endInput();
            driver.records().forEach(record -> add(actual, record));
        }

        assertThat(actual).containsExactlyInAnyOrderEntriesOf(naiveSpans(packets));
    }

    private static void add(Map<String, List<Span>> spans, FlowRecord record) {
        TimedPacket tuple =
                new TimedPacket(
                        0,
                        record.getProtocol(),
                        record.getSourceAddress(),
                        record.getSourcePort(),
                        record.getDestinationAddress(),
                        record.getDestinationPort(),
                        new byte[0]);
        spans.computeIfAbsent(tuple.undirected(), key -> new ArrayList<>())
                .add(
                        new Span(
                                record.getFirstTimestampNs(),
                                record.getLastTimestampNs(),
                                record.getForwardPackets() + record.getReversePackets(),
                                record.getForwardOctets() + record.getReverseOctets()));
    }

    private static Map<String, List<Span>> naiveSpans(List<TimedPacket> inOrder) {
        Map<String, List<Span>> spans = new LinkedHashMap<>();
        for (TimedPacket packet : inOrder) {
            List<Span> own = spans.computeIfAbsent(packet.undirected(), key -> new ArrayList<>());
            long now = packet.timestampNs();
            long octets = packet.frame().length;
            Span last = own.isEmpty() ? null : own.getLast();
            if (last != null
                    && now - last.lastNs() < 15 * SECOND
                    && now - last.firstNs() < 60 * SECOND) {
                own.set(
                        own.size() - 1,
                        new Span(last.firstNs(), now, last.packets() + 1, last.octets() + octets));
            } else {
                own.add(new Span(now, now, 1, octets));
            }
        }
        return spans;
    }
}
