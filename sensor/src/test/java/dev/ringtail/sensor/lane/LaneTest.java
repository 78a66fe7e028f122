package dev.ringtail.sensor.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.schema.Packet;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.PacketFlags;
import dev.ringtail.schema.PacketType;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ledger.LaneTerm;
import dev.ringtail.sensor.linux.PacketConstants;
import dev.ringtail.sensor.linux.RolloverStatistics;
import dev.ringtail.sensor.ring.MemoryRing;
import dev.ringtail.sensor.ring.RingGeometry;
import dev.ringtail.sensor.ring.SyntheticFrame;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
                    0,
                    1,
                    1_000_000,
                    new CaptureDescriptor("s", "s", 1, "e", 1, 262_144),
                    counters);
    private final List<Packet> published = new ArrayList<>();
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
