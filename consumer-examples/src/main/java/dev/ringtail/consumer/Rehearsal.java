package dev.ringtail.consumer;

import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.schema.Packet;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.PacketType;
import dev.ringtail.schema.SingleObject;
import dev.ringtail.schema.Topics;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import picocli.CommandLine.ExitCode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// Runs each of the consumers' commands once, over packets of its own in a Kafka that nobody else
/// uses: what the launcher has the JVM record into the AOT cache that later runs start from. The
/// packets are enough for the profiles of methods that matter to be recorded too.
///
/// Exit codes: 0 done, 1 a command or Kafka failed, or the export was not of every packet.
public final class Rehearsal {
    private static final int PARTITIONS = 16;
    private static final int PACKETS = 600_000;
    private static final int BATCH_PACKETS = 3_000;
    private static final int FLOWS = 100;
    private static final int FRAME_BYTES = 60;
    private static final int SNAP_LENGTH = 262_144;
    private static final long STEP_NS = 1_000;
    private static final long NS_PER_MS = 1_000_000;

    private final Topics topics = Topics.withPrefix(Topics.DEFAULT_PREFIX);
    private final Random random = new Random(1);
    private final long beginNs = System.currentTimeMillis() * NS_PER_MS;
    private final String bootstrapServer;

    private Rehearsal(String bootstrapServer) {
        this.bootstrapServer = bootstrapServer;
    }

    /// @param arguments address of the Kafka
    public static void main(String[] arguments)
            throws IOException, InterruptedException, ExecutionException {
        Rehearsal rehearsal = new Rehearsal(arguments[0]);
        rehearsal.fill();
        System.exit(rehearsal.run());
    }

    private void fill() throws InterruptedException, ExecutionException {
        Map<String, Object> client =
                Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServer);
        Map<String, Object> settings =
                Map.of(
                        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServer,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4");
        try (Admin admin = Admin.create(client);
                Producer<byte[], byte[]> producer =
                        new KafkaProducer<>(
                                settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(topics.packets(), PARTITIONS, (short) 1),
                                    new NewTopic(topics.reports(), 1, (short) 1),
                                    new NewTopic(topics.schemas(), 1, (short) 1)))
                    .all()
                    .get();
            send(producer);
        }
    }

    /// One lane's packets, which go to random partitions.
    private void send(Producer<byte[], byte[]> producer)
            throws InterruptedException, ExecutionException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        List<OpenBatch> open = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            open.add(new OpenBatch(partition));
        }
        for (long laneNumber = 1; laneNumber <= PACKETS; laneNumber++) {
            OpenBatch batch = open.get(random.nextInt(PARTITIONS));
            batch.add(laneNumber, frame());
            if (batch.packets.size() == BATCH_PACKETS) {
                sent.add(batch.send(producer));
            }
        }
        for (OpenBatch batch : open) {
            if (!batch.packets.isEmpty()) {
                sent.add(batch.send(producer));
            }
        }
        for (Future<RecordMetadata> batch : sent) {
            batch.get();
        }
    }

    /// A UDP datagram over IPv4, of one of the flows.
    private ByteBuffer frame() {
        byte[] frame = new byte[FRAME_BYTES];
        random.nextBytes(frame);
        ByteBuffer.wrap(frame)
                .putShort(12, (short) 0x0800)
                .putShort(14, (short) 0x4500)
                .putShort(16, (short) (FRAME_BYTES - 14))
                .putShort(20, (short) 0)
                .putShort(22, (short) 0x4011)
                .putInt(26, 0x0a00_0002)
                .putInt(30, 0x0a00_0001)
                .putShort(34, (short) (1024 + random.nextInt(FLOWS)))
                .putShort(36, (short) 9);
        return ByteBuffer.wrap(frame);
    }

    private int run() throws IOException {
        Path file = Files.createTempFile("ringtail", ".pcapng");
        try {
            boolean done =
                    execute("export", "--write", file.toString()) == ExitCode.OK
                            && packetCount(file) == PACKETS
                            && execute("flows") == ExitCode.OK
                            // No sensor has reported these packets, and verify tells so.
                            && execute("verify") == ExitCode.SOFTWARE;
            return done ? ExitCode.OK : ExitCode.SOFTWARE;
        } finally {
            Files.delete(file);
        }
    }

    private static long packetCount(Path file) throws IOException {
        try (CaptureFileReader reader = CaptureFileReader.open(file)) {
            long count = 0;
            while (reader.next()) {
                count++;
            }
            return count;
        }
    }

    private int execute(String... command) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of("--bootstrap-server", bootstrapServer));
        return Main.commandLine().execute(words.toArray(String[]::new));
    }

    /// The packets of a partition that are not sent yet.
    private final class OpenBatch {
        private final int partition;
        private final List<Packet> packets = new ArrayList<>();
        private long firstPacketNumber = 1;
        private long firstLaneNumber;
        private long lastLaneNumber;

        OpenBatch(int partition) {
            this.partition = partition;
        }

        void add(long laneNumber, ByteBuffer frame) {
            if (packets.isEmpty()) {
                firstLaneNumber = laneNumber;
                lastLaneNumber = laneNumber;
            }
            packets.add(
                    Packet.newBuilder()
                            .setLaneNumberDelta(laneNumber - lastLaneNumber)
                            .setTimestampOffsetNs((laneNumber - firstLaneNumber) * STEP_NS)
                            .setOriginalLength(frame.remaining())
                            .setPacketType(PacketType.HOST)
                            .setData(frame)
                            .build());
            lastLaneNumber = laneNumber;
        }

        Future<RecordMetadata> send(Producer<byte[], byte[]> producer) {
            long maxNs = timestampNs(lastLaneNumber);
            PacketBatch batch =
                    PacketBatch.newBuilder()
                            .setSensorId("rehearsal")
                            .setSessionId("rehearsal")
                            .setCaptureId(1)
                            .setInterfaceName("lo")
                            .setLinkType(1)
                            .setSnapLength(SNAP_LENGTH)
                            .setLane(0)
                            .setPartition(partition)
                            .setFirstPacketNumber(firstPacketNumber)
                            .setFirstLaneNumber(firstLaneNumber)
                            .setBaseTimestampNs(timestampNs(firstLaneNumber))
                            .setMinTimestampNs(timestampNs(firstLaneNumber))
                            .setMaxTimestampNs(maxNs)
                            .setPackets(packets)
                            .build();
            Future<RecordMetadata> sent =
                    producer.send(
                            new ProducerRecord<>(
                                    topics.packets(),
                                    partition,
                                    Math.ceilDiv(maxNs, NS_PER_MS),
                                    null,
                                    SingleObject.encode(batch)));
            firstPacketNumber += packets.size();
            packets.clear();
            return sent;
        }

        private long timestampNs(long laneNumber) {
            return beginNs + laneNumber * STEP_NS;
        }
    }
}
