package dev.ringtail.bench.micro;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.sensor.lane.BatchEncoder;
import dev.ringtail.sensor.lane.BatchPool;
import dev.ringtail.sensor.lane.BlockEncoder;
import dev.ringtail.sensor.lane.CaptureDescriptor;
import dev.ringtail.sensor.lane.EncodedBatch;
import dev.ringtail.sensor.lane.OwnTrafficMatcher;
import dev.ringtail.sensor.lane.PacketRules;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ring.BlockRing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// A lane's encoder with batches of its own, and what it makes of blocks.
final class EncoderLab {
    private static final int BATCH_BYTES = 256 << 10;
    private static final int BATCHES = 64;

    private final BatchPool pool = new BatchPool(BATCHES, BATCH_BYTES, () -> {});
    private final BatchEncoder batches;
    private final BlockEncoder encoder;

    EncoderLab(int partitionCount) {
        LaneCounters counters = new LaneCounters(0, "bench");
        batches =
                new BatchEncoder(
                        pool,
                        0,
                        partitionCount,
                        1_000_000,
                        new CaptureDescriptor("bench", "bench", 1, "bench", 1, 262_144),
                        counters);
        encoder =
                new BlockEncoder(
                        batches,
                        counters,
                        OwnTrafficMatcher.NONE,
                        LinkType.ETHERNET,
                        partitionCount,
                        PacketRules.ALL);
    }

    /// Encodes a block, and takes back the batches that it filled.
    ///
    /// @param filled sees each of them before
    void encode(BlockRing block, Consumer<EncodedBatch> filled) {
        encoder.encode(block, 0);
        EncodedBatch batch = pool.poll();
        while (batch != null) {
            filled.accept(batch);
            pool.giveBack(batch);
            batch = pool.poll();
        }
        if (!batches.hasRoomFor(block.blockBytes(), block.packetCount())) {
            throw new IllegalStateException("out of batches");
        }
    }

    /// The values of the records that so many blocks become.
    static List<byte[]> values(int partitionCount, int frameBytes, int flows, int blocks) {
        List<byte[]> values = new ArrayList<>();
        Consumer<EncodedBatch> keep =
                batch ->
                        values.add(
                                Arrays.copyOfRange(
                                        batch.array(),
                                        batch.offset(),
                                        batch.offset() + batch.length()));
        EncoderLab lab = new EncoderLab(partitionCount);
        try (FilledBlock block = new FilledBlock(frameBytes, flows)) {
            for (int i = 0; i < blocks; i++) {
                lab.encode(block.ring(), keep);
            }
            lab.batches.closeAll();
            lab.encode(block.ring(), keep);
        }
        return values;
    }
}
