package dev.ringtail.sensor.importer;

import dev.ringtail.schema.LateRun;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.SchemaLookup;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.SingleObject;
import dev.ringtail.schema.Topics;
import dev.ringtail.sensor.publish.KafkaSettings;
import dev.ringtail.sensor.publish.TopicReader;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// What imports have put into the topics, read by Avro's own decoder.
final class ImportedPackets {
    private final KafkaSettings kafka;
    private final Topics topics;

    ImportedPackets(KafkaSettings kafka, Topics topics) {
        this.kafka = kafka;
        this.topics = topics;
    }

    /// The packets of the topic's one lane; of those that are there twice one, as readers do it.
    List<Packet> inLaneOrder() {
        TreeMap<Long, Packet> byLaneNumber = new TreeMap<>();
        Set<String> seen = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : TopicReader.readAll(kafka, topics.packets())) {
            PacketBatch batch =
                    SingleObject.decoder(PacketBatch.class, SchemaLookup.NONE)
                            .decode(record.value());
            long laneNumber = batch.getFirstLaneNumber();
            long number = batch.getFirstPacketNumber();
            for (dev.ringtail.schema.Packet p : batch.getPackets()) {
                laneNumber += p.getLaneNumberDelta();
                if (seen.add(batch.getSessionId() + "/" + record.partition() + "/" + number++)) {
                    byLaneNumber.put(laneNumber, packet(batch, p));
                }
            }
        }
        return new ArrayList<>(byLaneNumber.values());
    }

    int recordCount() {
        return TopicReader.readAll(kafka, topics.packets()).size();
    }

    SensorReport lastReport() {
        return SingleObject.decoder(SensorReport.class, SchemaLookup.NONE)
                .decode(TopicReader.readAll(kafka, topics.reports()).getLast().value());
    }

    boolean lateRunsCoverEveryRecord() {
        List<LateRun> runs = lastReport().getLateRuns();
        return TopicReader.readAll(kafka, topics.packets()).stream()
                .allMatch(
                        record ->
                                runs.stream()
                                        .anyMatch(
                                                run ->
                                                        run.getPartition() == record.partition()
                                                                && run.getFirstOffset()
                                                                        <= record.offset()
                                                                && run.getLastOffset()
                                                                        >= record.offset()));
    }

    private static Packet packet(PacketBatch batch, dev.ringtail.schema.Packet p) {
        return new Packet(
                batch.getInterfaceName(),
                batch.getLinkType(),
                batch.getBaseTimestampNs() + p.getTimestampOffsetNs(),
                p.getOriginalLength(),
                p.getFlags(),
                p.getData());
    }

    record Packet(
            String interfaceName,
            int linkType,
            long timestampNs,
            long originalLength,
            int flags,
            ByteBuffer data) {
        Packet of(String otherInterface, int otherLinkType) {
            return new Packet(
                    otherInterface, otherLinkType, timestampNs, originalLength, flags, data);
        }
    }
}
