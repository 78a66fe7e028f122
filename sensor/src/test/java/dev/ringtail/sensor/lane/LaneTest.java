package dev.ringtail.sensor.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.pcap.libpcap.BpfInstruction;
import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.schema.Packet;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.PacketFlags;
import dev.ringtail.schema.PacketType;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ledger.LaneTerm;
import dev.ringtail.sensor.linux.PacketConstants;
import dev.ringtail.sensor.linux.RolloverStatistics;
import dev.ringtail.sensor.ring.MemoryRing;
import dev.ringtail.sensor.ring.RingGeometry;
import dev.ringtail.sensor.ring.SyntheticFrame;
import dev.ringtail.testing.Frames;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

@Timeout(60)
class LaneTest {
    private static final RingGeometry GEOMETRY = new RingGeometry(128 << 10, 4, 10);
    private static final int BATCH_BYTES = 32 << 10;
    private static final Duration SETTLE = Duration.ofMillis(10);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private MemoryRing ring = new MemoryRing(GEOMETRY);
    private final LaneCounters counters = new LaneCounters(0, "e");
    private final BatchPool pool =
            new BatchPool(
                    3 + BatchEncoder.mostClosedBy(GEOMETRY.blockBytes(), BATCH_BYTES),
                    BATCH_BYTES,
                    () -> {});
    private final BatchEncoder batches =
            new BatchEncoder(
                    pool,
                    WireFormat.SINGLE_OBJECT,
                    0,
                    1,
                    1_000_000,
                    new CaptureDescriptor("s", "s", 1, "e", 1, 262_144),
                    counters);
    private final List<Packet> published = new ArrayList<>();
    private final List<Integer> batchCaptureIds = new ArrayList<>();
    private PacketRules rules = PacketRules.ALL;

    @AfterEach
    void close() {
        ring.close();
    }

    @Test
    void publishesEverythingAndBalancesWhenItIsDrained() throws Exception {
        Thread lane = start(Duration.ofSeconds(60));
        ring.receive(frames(500, 60));

        drain(lane);

        assertThat(published).hasSize(500);
        assertThat(counters.kernelPackets()).isEqualTo(500);
        assertThat(counters.packets(LaneTerm.RECEIVED)).isEqualTo(500);
        assertThat(counters.packets(LaneTerm.PUBLISHED)).isEqualTo(500);
        assertThat(counters.packets(LaneTerm.PENDING)).isZero();
    }

    @Test
    void closesABatchThatHasBeenOpenTooLong() throws Exception {
        Thread lane = start(Duration.ofMillis(50));
        ring.receive(frames(3, 60));

        await().untilAsserted(
                        () -> {
                            collect();
                            assertThat(published).hasSize(3);
                        });
        drain(lane);
    }

    @Test
    void closesItsBatchesWheneverItWaitsForAnImmediateRing() throws Exception {
        ring.close();
        ring = new MemoryRing(GEOMETRY, true);
        Thread lane = start(Duration.ofSeconds(60));
        ring.receive(frames(3, 60));

        await().untilAsserted(
                        () -> {
                            collect();
                            assertThat(published).hasSize(3);
                        });
        drain(lane);
    }

    @Test
    void leavesPacketsInTheRingWhileNobodyTakesBatches() throws Exception {
        Thread lane = start(Duration.ofSeconds(60));
        for (int i = 0; i < 40; i++) {
            ring.receive(frames(100, 1400));
        }
        await().until(() -> counters.packets(LaneTerm.RECEIVED) > 0);

        drain(lane);

        assertThat(counters.kernelPackets()).isEqualTo(4000);
        assertThat(counters.kernelDrops()).isPositive();
        assertThat(counters.kernelPackets())
                .isEqualTo(counters.kernelDrops() + counters.packets(LaneTerm.RECEIVED));
        assertThat((long) published.size()).isEqualTo(counters.packets(LaneTerm.RECEIVED));
    }

    @Test
    void endsAtTheLimitWhileNobodyTakesBatchesAndCountsTheRestAsShed() throws Exception {
        Thread thread = start(Duration.ofSeconds(60));
        for (int i = 0; i < 40; i++) {
            ring.receive(frames(90, 1400));
        }

        lane.drain(SETTLE, Duration.ofMillis(200));
        thread.join();

        assertThat(counters.packets(LaneTerm.RECEIVED))
                .isEqualTo(counters.kernelPackets() - counters.kernelDrops())
                .isEqualTo(
                        counters.packets(LaneTerm.PUBLISHED)
                                + counters.shed().get("stopped").getPackets());
        assertThat(counters.shed()).containsOnlyKeys("stopped");
    }

    @Test
    void takesExactlyWhatWasCountedFromARingThatCanNotBeDeafened() throws Exception {
        Thread thread = start(Duration.ofSeconds(60));
        ring.receive(frames(100, 60));
        await().until(() -> counters.packets(LaneTerm.RECEIVED) == 100);

        // 30 packets of the open block are counted when the lane looks, then 20 more come in.
        ring.count(30);
        lane.drainLocked(LIMIT);
        await().until(() -> counters.kernelPackets() == 130);
        ring.receive(frames(50, 60));
        ring.receive(frames(50, 60));
        awaitEnd(thread);

        assertThat(published).hasSize(130);
        assertThat(counters.kernelPackets()).isEqualTo(130);
        assertThat(counters.packets(LaneTerm.RECEIVED)).isEqualTo(130);
        assertThat(counters.packets(LaneTerm.PUBLISHED)).isEqualTo(130);
    }

    @Test
    void endsAtOnceWhereALockedRingHoldsNothingMore() throws Exception {
        Thread thread = start(Duration.ofSeconds(60));
        ring.receive(frames(100, 60));
        await().until(() -> counters.packets(LaneTerm.RECEIVED) == 100);

        lane.drainLocked(LIMIT);
        awaitEnd(thread);

        assertThat(published).hasSize(100);
        assertThat(counters.kernelPackets()).isEqualTo(100);
    }

    @Test
    void shedsNoMoreThanWasCountedWhenALockedRingIsPastItsLimit() throws Exception {
        Thread thread = start(Duration.ofSeconds(60));
        for (int i = 0; i < 40; i++) {
            ring.receive(frames(90, 1400));
        }

        lane.drainLocked(Duration.ofMillis(200));
        thread.join();

        assertThat(counters.packets(LaneTerm.RECEIVED))
                .isEqualTo(counters.kernelPackets() - counters.kernelDrops())
                .isEqualTo(
                        counters.packets(LaneTerm.PUBLISHED)
                                + counters.shed().get("stopped").getPackets());
    }

    @Test
    void addsWhatTheRingRolledOverSinceItLastLooked() throws Exception {
        ring.rolledOver(new RolloverStatistics(5, 1, 2));
        Thread thread = start(Duration.ofSeconds(60));
        await().until(() -> counters.rolledOver() == 5);
        ring.rolledOver(new RolloverStatistics(9, 2, 2));

        drain(thread);

        assertThat(counters.rolledOver()).isEqualTo(9);
        assertThat(counters.rolledOverHuge()).isEqualTo(2);
        assertThat(counters.rolloverFailed()).isEqualTo(2);
    }

    @Test
    void countsOutgoingPacketsThatItLeavesOut() throws Exception {
        rules = new PacketRules(false, false, 1);
        Thread lane = start(Duration.ofSeconds(60));
        ring.receive(
                List.of(
                        frame(PacketConstants.PACKET_OUTGOING, 0),
                        frame(0, 0),
                        frame(PacketConstants.PACKET_OUTGOING, 0)));

        drain(lane);

        assertThat(published).hasSize(1);
        assertThat(counters.packets(LaneTerm.EXCLUDED_OUTGOING)).isEqualTo(2);
        assertThat(counters.bytes(LaneTerm.EXCLUDED_OUTGOING)).isEqualTo(120);
    }

    @Test
    void translatesTheKernelsStatusBits() throws Exception {
        Thread lane = start(Duration.ofSeconds(60));
        ring.receive(
                List.of(
                        frame(3, PacketConstants.TP_STATUS_CSUMNOTREADY),
                        frame(1, PacketConstants.TP_STATUS_CSUM_VALID),
                        frame(2, PacketConstants.TP_STATUS_GSO_TCP),
                        frame(7, PacketConstants.TP_STATUS_TS_SOFTWARE),
                        frame(0, PacketConstants.TP_STATUS_TS_RAW_HARDWARE),
                        frame(0, PacketConstants.TP_STATUS_VLAN_VALID)));

        drain(lane);

        assertThat(published)
                .extracting(Packet::getFlags)
                .containsExactly(
                        PacketFlags.CHECKSUM_NOT_READY,
                        PacketFlags.CHECKSUM_VALID,
                        PacketFlags.GSO,
                        PacketFlags.KERNEL_RECEIVE << PacketFlags.TIMESTAMP_SOURCE_SHIFT,
                        PacketFlags.HARDWARE << PacketFlags.TIMESTAMP_SOURCE_SHIFT,
                        PacketFlags.VLAN_RESTORED);
        assertThat(published)
                .extracting(Packet::getPacketType)
                .containsExactly(
                        PacketType.OTHERHOST,
                        PacketType.BROADCAST,
                        PacketType.MULTICAST,
                        PacketType.UNKNOWN,
                        PacketType.HOST,
                        PacketType.HOST);
        assertThat(published.getLast().getOriginalLength()).isEqualTo(64);
    }

    @Test
    void cutsPacketsBehindTheirTransportHeaderAndCountsWhatItCuts() throws Exception {
        rules = new PacketRules(true, true, 1);
        byte[] udp = Frames.ethernet("0800", Frames.ipv4(17, 0, Frames.UDP));
        byte[] arp = Frames.bytes(Frames.MACS, "0806", "0001 0800 06 04", "00".repeat(22));
        Thread lane = start(Duration.ofSeconds(60));
        ring.receive(List.of(SyntheticFrame.of(udp, 1), SyntheticFrame.of(arp, 2)));

        drain(lane);

        assertThat(published).extracting(p -> p.getData().remaining()).containsExactly(42, 42);
        assertThat(published).extracting(Packet::getOriginalLength).containsExactly(50L, 42L);
        assertThat(published).extracting(Packet::getFlags).containsExactly(PacketFlags.CUT, 0);
        assertThat(counters.packets(LaneTerm.CUT)).isOne();
        assertThat(counters.bytes(LaneTerm.CUT)).isEqualTo(8);
        assertThat(counters.bytes(LaneTerm.RECEIVED))
                .isEqualTo(counters.bytes(LaneTerm.PUBLISHED) + counters.bytes(LaneTerm.CUT));
    }

    @Test
    void keepsOneOfSoManyFlowsWhollyInBothDirections() throws Exception {
        rules = new PacketRules(true, false, 4);
        int flows = 400;
        Thread lane = start(Duration.ofSeconds(60));
        for (int repetition = 0; repetition < 3; repetition++) {
            List<SyntheticFrame> frames = new ArrayList<>();
            for (int flow = 0; flow < flows; flow++) {
                frames.add(SyntheticFrame.of(udp(1024 + flow, 53, "0a000001 0a000002"), 1));
                frames.add(SyntheticFrame.of(udp(53, 1024 + flow, "0a000002 0a000001"), 1));
            }
            ring.receive(frames);
        }

        drain(lane);

        Map<Integer, Long> packetsByFlow =
                published.stream()
                        .map(p -> p.getData())
                        .map(
                                d ->
                                        Math.max(
                                                Short.toUnsignedInt(d.getShort(34)),
                                                Short.toUnsignedInt(d.getShort(36))))
                        .collect(Collectors.groupingBy(f -> f, Collectors.counting()));
        assertThat(packetsByFlow.values()).allMatch(packets -> packets == 6);
        // The same flows at each run: the choice is by the hash alone.
        assertThat(packetsByFlow.size()).isBetween(flows / 8, flows / 2);
        assertThat(counters.packets(LaneTerm.EXCLUDED_SAMPLED_OUT))
                .isEqualTo(6L * (flows - packetsByFlow.size()));
        assertThat(counters.packets(LaneTerm.RECEIVED)).isEqualTo(6L * flows);
    }

    @Test
    void excludesWhatAReplacedFilterHadLetInUntilTheKernelsCountIsReached() throws Exception {
        // Accepts packets whose first byte is 1.
        BpfProgram first =
                new BpfProgram(
                        List.of(
                                new BpfInstruction(0x30, 0, 0, 0),
                                new BpfInstruction(0x15, 0, 1, 1),
                                new BpfInstruction(0x06, 0, 0, 0x40000),
                                new BpfInstruction(0x06, 0, 0, 0)));
        Thread thread = start(Duration.ofMillis(20));
        ring.receive(List.of(marked(0), marked(1)));
        await().until(() -> counters.packets(LaneTerm.RECEIVED) == 2);

        CaptureChange change =
                new CaptureChange(new CaptureDescriptor("s", "s", 2, "e", 1, 262_144), first, 1);
        lane.change(change);
        assertThat(change.awaitBegun(10_000)).isTrue();
        ring.receive(List.of(marked(0), marked(1), marked(0)));
        await().until(() -> counters.packets(LaneTerm.EXCLUDED_STALE_FILTER) == 2);
        change.filterReplaced();
        ring.wake();
        // The kernel has the filter by now: what comes is not looked at any more, once the lane has
        // asked for the count.
        await().until(
                        () -> {
                            ring.receive(List.of(marked(0)));
                            collect();
                            return published.size() > 3;
                        });

        drain(thread);

        assertThat(batchCaptureIds).startsWith(1).endsWith(2);
        assertThat(counters.packets(LaneTerm.RECEIVED))
                .isEqualTo(
                        counters.packets(LaneTerm.PUBLISHED)
                                + counters.packets(LaneTerm.EXCLUDED_STALE_FILTER));
        assertThat(published.get(0).getData().get(0)).isEqualTo((byte) 0);
        assertThat(published.get(1).getData().get(0)).isEqualTo((byte) 1);
        assertThat(published.get(2).getData().get(0)).isEqualTo((byte) 1);
    }

    private static SyntheticFrame marked(int mark) {
        byte[] data = new byte[60];
        data[0] = (byte) mark;
        return SyntheticFrame.of(data, 1);
    }

    private static byte[] udp(int source, int destination, String addresses) {
        return Frames.ethernet(
                "0800",
                "4500 0024 0001 0000 40 11 0000",
                addresses,
                "%04x %04x 0010 0000 0102030405060708".formatted(source, destination));
    }

    private Thread start(Duration maxBatchAge) {
        BlockEncoder encoder =
                new BlockEncoder(batches, counters, OwnTrafficMatcher.NONE, 1, 1, rules);
        lane = new Lane(ring, batches, encoder, counters, maxBatchAge);
        return Thread.ofPlatform().name("test-lane").start(lane);
    }

    private Lane lane;

    /// Takes batches until the lane has ended.
    private void drain(Thread thread) throws InterruptedException {
        lane.drain(SETTLE, LIMIT);
        awaitEnd(thread);
    }

    private void awaitEnd(Thread thread) throws InterruptedException {
        while (thread.isAlive()) {
            collect();
            thread.join(Duration.ofMillis(5));
        }
        collect();
    }

    private void collect() {
        EncodedBatch batch = pool.poll();
        while (batch != null) {
            PacketBatch decoded = AvroBatches.decode(batch);
            published.addAll(decoded.getPackets());
            batchCaptureIds.add(decoded.getCaptureId());
            pool.giveBack(batch);
            batch = pool.poll();
        }
    }

    private static List<SyntheticFrame> frames(int count, int length) {
        List<SyntheticFrame> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(SyntheticFrame.of(new byte[length], i));
        }
        return frames;
    }

    private static SyntheticFrame frame(int packetType, int status) {
        return new SyntheticFrame(new byte[60], 60, 1, packetType, status, 0x2064, 0x8100);
    }
}
