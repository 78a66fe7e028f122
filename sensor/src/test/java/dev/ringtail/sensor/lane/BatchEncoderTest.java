package dev.ringtail.sensor.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.schema.Packet;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.PacketFlags;
import dev.ringtail.schema.PacketType;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ledger.LaneTerm;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// The batch bytes, read back by Avro's own decoder.
class BatchEncoderTest {
    private static final CaptureDescriptor CAPTURE =
            new CaptureDescriptor("sensor-ä", "session", 3, "eth0", 1, 262_144);
    private static final int BATCH_BYTES = 16 << 10;
    private static final int MAX_VALUE_BYTES = 40_000;
    private static final int PARTITIONS = 5;
    private static final int BLOCK_BYTES = 131_072;

    /// The least with which a lane comes along: open batches, and what a block can take.
    private static final int SMALLEST_POOL =
            2 * PARTITIONS + BatchEncoder.mostClosedBy(BLOCK_BYTES, BATCH_BYTES);

    private final LaneCounters counters = new LaneCounters(2, "eth0");
    private final BatchPool pool = new BatchPool(64, BATCH_BYTES, () -> {});
    private final BatchEncoder encoder = encoder(CAPTURE);
    private final List<PacketBatch> published = new ArrayList<>();

    private BatchEncoder encoder(CaptureDescriptor capture) {
        return new BatchEncoder(
                pool, WireFormat.SINGLE_OBJECT, 2, PARTITIONS, MAX_VALUE_BYTES, capture, counters);
    }

    @RepeatedTest(20)
    @DisplayName("equals what Avro's decoder reads, for random packets")
    void equalsWhatAvroReads() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Packet> expected = new ArrayList<>();
        Map<Integer, List<Packet>> expectedOfPartition = new HashMap<>();
        long laneNumber = 0;
        for (int i = 0; i < 400; i++) {
            byte[] data =
                    new byte
                            [random.nextInt(20) == 0
                                    ? random.nextInt(30_000)
                                    : random.nextInt(200)];
            random.nextBytes(data);
            long timestampNs = 1_700_000_000_000_000_000L + random.nextInt() * 1000L;
            long originalLength = data.length + (long) random.nextInt(3) * 4_000_000_000L;
            int type = random.nextInt(6);
            int flags = random.nextInt(1024) & ~PacketFlags.CUT;
            int partition = random.nextInt(PARTITIONS);
            encoder.append(
                    MemorySegment.ofArray(data),
                    0,
                    data.length,
                    VlanTag.NONE,
                    timestampNs,
                    originalLength,
                    type,
                    flags,
                    partition,
                    0);
            laneNumber++;
            Packet packet = packet(laneNumber, timestampNs, originalLength, type, flags, data);
            expected.add(packet);
            expectedOfPartition.computeIfAbsent(partition, p -> new ArrayList<>()).add(packet);
            collect();
        }
        encoder.closeAll();
        collect();

        assertThat(absolute(published)).as("seed %d", seed).isEqualTo(expectedOfPartition);
        assertThat(counters.packets(LaneTerm.PUBLISHED)).isEqualTo(expected.size());
        assertThat(counters.bytes(LaneTerm.PUBLISHED))
                .isEqualTo(expected.stream().mapToLong(p -> p.getData().remaining()).sum());
        assertThat(counters.packets(LaneTerm.PENDING)).isZero();
    }

    @Test
    void numbersPacketsOfAPartitionWithoutGapsAcrossCaptures() {
        append(new byte[10], 1);
        append(new byte[10], 0);
        append(new byte[10], 1);
        encoder.beginCapture(new CaptureDescriptor("sensor-ä", "session", 4, "eth0", 113, 96));
        append(new byte[300], 1);
        encoder.closeAll();
        collect();

        List<PacketBatch> ofPartition =
                published.stream().filter(b -> b.getPartition() == 1).toList();
        assertThat(ofPartition)
                .extracting(PacketBatch::getFirstPacketNumber)
                .containsExactly(1L, 3L);
        assertThat(ofPartition).extracting(PacketBatch::getFirstLaneNumber).containsExactly(1L, 4L);
        assertThat(ofPartition).extracting(PacketBatch::getCaptureId).containsExactly(3, 4);
        assertThat(ofPartition.getLast().getLinkType()).isEqualTo(113);
        assertThat(ofPartition.getLast().getPackets().getFirst().getData().remaining())
                .isEqualTo(96);
    }

    @Test
    void putsTheVlanTagBackBehindTheAddresses() {
        byte[] frame = new byte[64];
        new Random(5).nextBytes(frame);
        encoder.append(
                MemorySegment.ofArray(frame), 0, 64, VlanTag.of(0x88a8, 0xa064), 1, 68, 0, 8, 0, 0);
        encoder.closeAll();
        collect();

        byte[] expected = new byte[68];
        System.arraycopy(frame, 0, expected, 0, 12);
        System.arraycopy(
                new byte[] {(byte) 0x88, (byte) 0xa8, (byte) 0xa0, 0x64}, 0, expected, 12, 4);
        System.arraycopy(frame, 12, expected, 16, 52);
        assertThat(data(published.getFirst().getPackets().getFirst())).isEqualTo(expected);
    }

    @Test
    void cutsToTheSnapLengthWithTheTagCounted() {
        BatchEncoder snapping = encoder(new CaptureDescriptor("s", "s", 1, "e", 1, 64));
        snapping.append(
                MemorySegment.ofArray(new byte[100]),
                0,
                100,
                VlanTag.of(0x8100, 5),
                1,
                104,
                0,
                8,
                0,
                0);
        snapping.closeAll();
        collect();

        Packet packet = published.getFirst().getPackets().getFirst();
        assertThat(packet.getData().remaining()).isEqualTo(64);
        assertThat(packet.getOriginalLength()).isEqualTo(104);
    }

    @Test
    void givesAPacketLargerThanABatchABatchOfItsOwn() {
        byte[] frame = new byte[30_000];
        new Random(1).nextBytes(frame);
        append(new byte[60], 0);
        append(frame, 0);
        append(new byte[60], 0);
        encoder.closeAll();
        collect();

        assertThat(published).hasSize(3);
        assertThat(data(published.get(1).getPackets().getFirst())).isEqualTo(frame);
        assertThat(counters.packets(LaneTerm.CUT)).isZero();
    }

    @Test
    void cutsAndCountsWhatNoRecordCanHold() {
        append(new byte[60_000], 0);
        encoder.closeAll();
        EncodedBatch batch = Objects.requireNonNull(pool.poll());
        assertThat(batch.length()).isLessThanOrEqualTo(MAX_VALUE_BYTES);
        Packet packet = AvroBatches.decode(batch).getPackets().getFirst();

        assertThat(packet.getOriginalLength()).isEqualTo(60_000);
        assertThat(packet.getFlags()).isEqualTo(PacketFlags.CUT);
        int kept = packet.getData().remaining();
        assertThat(kept).isBetween(MAX_VALUE_BYTES - 300, MAX_VALUE_BYTES);
        assertThat(counters.packets(LaneTerm.CUT)).isOne();
        assertThat(counters.bytes(LaneTerm.CUT)).isEqualTo(60_000 - kept);
    }

    @Test
    void closesOldBatchesAlone() {
        append(new byte[60], 0, 100);
        append(new byte[60], 1, 200);
        encoder.closeOpenedBefore(150);
        collect();

        assertThat(published).extracting(PacketBatch::getPartition).containsExactly(0);
        assertThat(counters.packets(LaneTerm.PENDING)).isOne();
    }

    @Test
    void writesAnEmptyBatchThatAvroReads() {
        EncodedBatch batch = new EncodedBatch(BATCH_BYTES);
        byte[] prefix =
                CAPTURE.encodePrefix(
                        WireFormat.SINGLE_OBJECT.header(PacketBatch.getClassSchema()), 2);
        batch.open(2, 4, 9, prefix, 0);
        batch.close();

        assertThat(AvroBatches.decode(batch).getPackets()).isEmpty();
    }

    @RepeatedTest(10)
    void neverRunsOutOfBatchesWhereThereWasRoomForABlock() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        BatchPool small = new BatchPool(SMALLEST_POOL, BATCH_BYTES, () -> {});
        BatchEncoder tight =
                new BatchEncoder(
                        small,
                        WireFormat.SINGLE_OBJECT,
                        0,
                        PARTITIONS,
                        MAX_VALUE_BYTES,
                        CAPTURE,
                        counters);
        for (int block = 0; block < 50; block++) {
            int blockBytes = 0;
            List<byte[]> frames = new ArrayList<>();
            while (true) {
                byte[] frame = new byte[random.nextInt(random.nextInt(10) == 0 ? 40_000 : 1500)];
                blockBytes += 82 + frame.length;
                if (blockBytes > 131_072) {
                    break;
                }
                frames.add(frame);
            }
            while (!tight.hasRoomFor(131_072, frames.size())) {
                EncodedBatch batch =
                        Objects.requireNonNull(small.poll(), "none on its way; seed " + seed);
                small.giveBack(batch);
            }
            for (byte[] frame : frames) {
                tight.append(
                        MemorySegment.ofArray(frame),
                        0,
                        frame.length,
                        VlanTag.NONE,
                        1,
                        frame.length,
                        0,
                        0,
                        random.nextInt(PARTITIONS),
                        0);
            }
        }
    }

    @Test
    void countsTheBatchesThatTheFirstPacketOfEachPartitionCloses() {
        BatchPool small = new BatchPool(SMALLEST_POOL, BATCH_BYTES, () -> {});
        BatchEncoder tight =
                new BatchEncoder(
                        small,
                        WireFormat.SINGLE_OBJECT,
                        0,
                        PARTITIONS,
                        MAX_VALUE_BYTES,
                        CAPTURE,
                        counters);
        byte[] nearlyAll = new byte[BATCH_BYTES - 1000];
        for (int round = 0; round < 20; round++) {
            while (!tight.hasRoomFor(BLOCK_BYTES, PARTITIONS)) {
                small.giveBack(Objects.requireNonNull(small.poll(), "a batch must be on its way"));
            }
            for (int partition = 0; partition < PARTITIONS; partition++) {
                tight.append(
                        MemorySegment.ofArray(nearlyAll),
                        0,
                        nearlyAll.length,
                        VlanTag.NONE,
                        1,
                        nearlyAll.length,
                        0,
                        0,
                        partition,
                        0);
            }
        }

        assertThat(counters.packets(LaneTerm.PUBLISHED)).isEqualTo(19L * PARTITIONS);
    }

    private void append(byte[] frame, int partition) {
        append(frame, partition, 0);
    }

    private void append(byte[] frame, int partition, long nowNs) {
        encoder.append(
                MemorySegment.ofArray(frame),
                0,
                frame.length,
                VlanTag.NONE,
                1,
                frame.length,
                0,
                0,
                partition,
                nowNs);
    }

    private void collect() {
        EncodedBatch batch;
        while ((batch = pool.poll()) != null) {
            assertThat(batch.length()).isLessThanOrEqualTo(MAX_VALUE_BYTES);
            published.add(AvroBatches.decode(batch));
            pool.giveBack(batch);
        }
    }

    private static byte[] data(Packet packet) {
        byte[] data = new byte[packet.getData().remaining()];
        packet.getData().duplicate().get(data);
        return data;
    }

    private static Packet packet(
            long laneNumber,
            long timestampNs,
            long originalLength,
            int type,
            int flags,
            byte[] data) {
        return new Packet(
                laneNumber,
                timestampNs,
                originalLength,
                List.of(PacketType.values()).get(type),
                flags,
                java.nio.ByteBuffer.wrap(data));
    }

    /// The packets of each partition with lane numbers and timestamps made absolute; checks each
    /// batch's own numbers on the way.
    private static Map<Integer, List<Packet>> absolute(List<PacketBatch> batches) {
        Map<Integer, List<Packet>> result = new HashMap<>();
        for (PacketBatch batch : batches) {
            List<Packet> all = result.computeIfAbsent(batch.getPartition(), p -> new ArrayList<>());
            assertThat(batch.getFirstPacketNumber()).isEqualTo(all.size() + 1L);
            long laneNumber = batch.getFirstLaneNumber();
            List<Packet> packets = new ArrayList<>();
            for (Packet p : batch.getPackets()) {
                laneNumber += p.getLaneNumberDelta();
                packets.add(
                        Packet.newBuilder(p)
                                .setLaneNumberDelta(laneNumber)
                                .setTimestampOffsetNs(
                                        batch.getBaseTimestampNs() + p.getTimestampOffsetNs())
                                .build());
            }
            assertThat(packets.stream().mapToLong(Packet::getTimestampOffsetNs).min())
                    .hasValue(batch.getMinTimestampNs());
            assertThat(packets.stream().mapToLong(Packet::getTimestampOffsetNs).max())
                    .hasValue(batch.getMaxTimestampNs());
            assertThat(packets.getFirst().getTimestampOffsetNs())
                    .isEqualTo(batch.getBaseTimestampNs());
            all.addAll(packets);
        }
        return result;
    }
}
