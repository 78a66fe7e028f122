package dev.ringtail.consumer.export;

import dev.ringtail.consumer.BatchHead;
import dev.ringtail.consumer.LaneKey;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where each batch is and what is in it, in about 60 bytes a batch, so that millions of batches
/// can be put in order without being held.
///
/// Batches have numbers in the order in which they were added, and so have lanes. A batch that is
/// not wanted (outside the time range) is there for its packet numbers alone, which tell whether
/// packets are missing.
final class BatchIndex {
    private static final int INITIAL_CAPACITY = 256;

    private final List<LaneKey> lanes = new ArrayList<>();
    private final Map<LaneKey, Integer> laneNumbers = new HashMap<>();
    private final BitSet wanted = new BitSet();

    private int[] lane = new int[INITIAL_CAPACITY];
    private int[] partition = new int[INITIAL_CAPACITY];
    private long[] offset = new long[INITIAL_CAPACITY];
    private long[] firstPacketNumber = new long[INITIAL_CAPACITY];
    private int[] packetCount = new int[INITIAL_CAPACITY];
    private long[] minNs = new long[INITIAL_CAPACITY];
    private long[] maxNs = new long[INITIAL_CAPACITY];
    private long[] firstLaneNumber = new long[INITIAL_CAPACITY];
    private long[] baseNs = new long[INITIAL_CAPACITY];
    private int count;

    /// Adds a batch that is wanted.
    ///
    /// @param firstNumber lane number of its first packet
    /// @param firstNs capture time of its first packet
    /// @return the batch's number
    int addWanted(BatchHead head, int inPartition, long atOffset, long firstNumber, long firstNs) {
        int batch = addUnwanted(head, inPartition, atOffset);
        firstLaneNumber[batch] = firstNumber;
        baseNs[batch] = firstNs;
        wanted.set(batch);
        return batch;
    }

    /// Adds a batch for its packet numbers alone.
    ///
    /// @return the batch's number
    int addUnwanted(BatchHead head, int inPartition, long atOffset) {
        if (count == lane.length) {
            grow();
        }
        lane[count] = laneNumber(head.lane());
        partition[count] = inPartition;
        offset[count] = atOffset;
        firstPacketNumber[count] = head.firstPacketNumber();
        packetCount[count] = head.packetCount();
        minNs[count] = head.minTimestampNs();
        maxNs[count] = head.maxTimestampNs();
        return count++;
    }

    private int laneNumber(LaneKey key) {
        Integer number = laneNumbers.putIfAbsent(key, lanes.size());
        if (number != null) {
            return number;
        }
        lanes.add(key);
        return lanes.size() - 1;
    }

    private void grow() {
        int capacity = Math.addExact(count, count / 2);
        lane = Arrays.copyOf(lane, capacity);
        partition = Arrays.copyOf(partition, capacity);
        offset = Arrays.copyOf(offset, capacity);
        firstPacketNumber = Arrays.copyOf(firstPacketNumber, capacity);
        packetCount = Arrays.copyOf(packetCount, capacity);
        minNs = Arrays.copyOf(minNs, capacity);
        maxNs = Arrays.copyOf(maxNs, capacity);
        firstLaneNumber = Arrays.copyOf(firstLaneNumber, capacity);
        baseNs = Arrays.copyOf(baseNs, capacity);
    }

    /// Count of batches.
    int count() {
        return count;
    }

    /// Count of batches that are wanted.
    int wantedCount() {
        return wanted.cardinality();
    }

    /// The lanes; a lane's number is its place here.
    List<LaneKey> lanes() {
        return lanes;
    }

    /// Batches in the order of lane, partition and packet number: stream after stream.
    int[] byStream() {
        return IntSort.sorted(
                count,
                batch -> true,
                (a, b) -> {
                    int order = Integer.compare(lane[a], lane[b]);
                    order = order != 0 ? order : Integer.compare(partition[a], partition[b]);
                    order =
                            order != 0
                                    ? order
                                    : Long.compare(firstPacketNumber[a], firstPacketNumber[b]);
                    return order != 0 ? order : Long.compare(offset[a], offset[b]);
                });
    }

    /// The wanted batches in the order of lane and lane number: lane after lane.
    int[] wantedByLane() {
        return IntSort.sorted(
                count,
                wanted::get,
                (a, b) -> {
                    int order = Integer.compare(lane[a], lane[b]);
                    return order != 0 ? order : compareInLane(a, b);
                });
    }

    /// Which of two wanted batches of a lane comes first: that with the lower first lane number, or
    /// else place in the topic. Less than 0 if it is `a`.
    int compareInLane(int a, int b) {
        int order = Long.compare(firstLaneNumber[a], firstLaneNumber[b]);
        order = order != 0 ? order : Integer.compare(partition[a], partition[b]);
        return order != 0 ? order : Long.compare(offset[a], offset[b]);
    }

    /// Whether a batch's packets are wanted.
    boolean isWanted(int batch) {
        return wanted.get(batch);
    }

    /// Number of a batch's lane.
    int lane(int batch) {
        return lane[batch];
    }

    /// Lane of a batch.
    LaneKey laneKey(int batch) {
        return lanes.get(lane[batch]);
    }

    /// Partition that holds a batch.
    int partition(int batch) {
        return partition[batch];
    }

    /// Offset of a batch in its partition.
    long offset(int batch) {
        return offset[batch];
    }

    /// Packet number of a batch's first packet.
    long firstPacketNumber(int batch) {
        return firstPacketNumber[batch];
    }

    /// Packet number after that of a batch's last packet.
    long endPacketNumber(int batch) {
        return firstPacketNumber[batch] + packetCount[batch];
    }

    /// Count of packets in a batch.
    int packetCount(int batch) {
        return packetCount[batch];
    }

    /// Earliest capture time in a batch, nanoseconds since 1970-01-01T00:00:00Z.
    long minNs(int batch) {
        return minNs[batch];
    }

    /// Latest capture time in a batch, nanoseconds since 1970-01-01T00:00:00Z.
    long maxNs(int batch) {
        return maxNs[batch];
    }

    /// Lane number of a wanted batch's first packet.
    long firstLaneNumber(int batch) {
        return firstLaneNumber[batch];
    }

    /// Capture time of a wanted batch's first packet, nanoseconds since 1970-01-01T00:00:00Z.
    long baseNs(int batch) {
        return baseNs[batch];
    }
}
