package dev.ringtail.sensor.ledger;

import dev.ringtail.schema.StreamReport;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the publisher counts: batches taken from the lanes, and the outcome of each.
///
/// A batch is in flight from [#taken] to its one outcome. Callable from any thread: outcomes come
/// from the Kafka producer's thread and, for what fails at once, from the publisher's. The lock is
/// taken twice a batch, not per packet.
public final class DeliveryCounters {
    private final Map<Integer, LaneDelivery> lanes = new TreeMap<>();
    private final Map<Integer, Map<Integer, Stream>> streams = new TreeMap<>();

    /// Counts a batch that the publisher has taken over from a lane.
    public synchronized void taken(BatchFacts batch) {
        LaneDelivery lane = lane(batch.lane());
        lane.taken.add(batch);
        lane.inFlight.add(batch);
        lane.newestPacketNs = Math.max(lane.newestPacketNs, batch.maxTimestampNs());
        Stream stream = stream(batch);
        stream.lastNumber = Math.max(stream.lastNumber, batch.lastPacketNumber());
    }

    /// Counts a batch that Kafka acknowledged.
    public synchronized void acknowledged(BatchFacts batch) {
        LaneDelivery lane = lane(batch.lane());
        lane.inFlight.subtract(batch);
        lane.acknowledged.add(batch);
        stream(batch).acknowledgedPackets += batch.packetCount();
    }

    /// Counts a batch that was refused for good.
    ///
    /// @param reason simple name of the error; few different ones, since each becomes a term
    public synchronized void rejected(BatchFacts batch, String reason) {
        LaneDelivery lane = lane(batch.lane());
        lane.inFlight.subtract(batch);
        lane.rejected(reason).add(batch);
    }

    /// Counts a batch that was given up without knowing whether Kafka has it.
    public synchronized void unknown(BatchFacts batch) {
        LaneDelivery lane = lane(batch.lane());
        lane.inFlight.subtract(batch);
        lane.unknown.add(batch);
    }

    /// Latest capture time of each lane's packets that were taken, nanoseconds since 1970.
    public synchronized Map<Integer, Long> newestPacketNs() {
        Map<Integer, Long> times = new TreeMap<>();
        lanes.forEach(
                (number, lane) -> {
                    if (lane.newestPacketNs != LaneDelivery.NO_PACKET) {
                        times.put(number, lane.newestPacketNs);
                    }
                });
        return times;
    }

    synchronized LaneDelivery.Snapshot snapshot(int lane) {
        return lane(lane).snapshot();
    }

    synchronized List<StreamReport> streamReports() {
        List<StreamReport> reports = new ArrayList<>();
        streams.forEach(
                (lane, partitions) ->
                        partitions.forEach(
                                (partition, stream) ->
                                        reports.add(
                                                new StreamReport(
                                                        lane,
                                                        partition,
                                                        stream.lastNumber,
                                                        stream.acknowledgedPackets))));
        return reports;
    }

    private LaneDelivery lane(int lane) {
        return lanes.computeIfAbsent(lane, l -> new LaneDelivery());
    }

    private Stream stream(BatchFacts batch) {
        return streams.computeIfAbsent(batch.lane(), l -> new TreeMap<>())
                .computeIfAbsent(batch.partition(), p -> new Stream());
    }

    private static final class Stream {
        long lastNumber;
        long acknowledgedPackets;
    }
}
