package dev.ringtail.bench.peer;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.StopSignal;
import dev.ringtail.sensor.lane.BatchEncoder;
import dev.ringtail.sensor.lane.BatchPool;
import dev.ringtail.sensor.lane.CaptureDescriptor;
import dev.ringtail.sensor.lane.EncodedBatch;
import dev.ringtail.sensor.lane.VlanTag;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.publish.KafkaSettings;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/// Sends packet batches, as the sensor's lanes make them of full frames with random payload, to all
/// partitions of a topic in turn, with the sensor's own producer settings, as fast as Kafka takes
/// them. Runs until SIGTERM, then waits for the answers and prints what Kafka has acknowledged as
/// JSON.
public final class ProducerProgram {
    /// On standard error once Kafka has answered to a first record, which is not counted.
    static final String READY = "sending";

    /// Different values: more bytes than a processor's cache holds, as packets have them.
    private static final int VALUES = 64;

    private static final long SEED = 1;
    private static final int FRAME_BYTES = 1514;
    private static final int PAYLOAD_OFFSET = 42;
    private static final long FRAME_INTERVAL_NS = 5_000;

    private ProducerProgram() {}

    /// @param arguments bootstrap server, topic, count of its partitions, bytes of a batch
    public static void main(String[] arguments) throws Exception {
        StopSignal stopSignal = StopSignal.install();
        String topic = arguments[1];
        int partitions = Integer.parseInt(arguments[2]);
        int batchBytes = Integer.parseInt(arguments[3]);
        // The sensor, too, does not compress what can't be compressed.
        KafkaSettings settings =
                new KafkaSettings(
                        Map.of("bootstrap.servers", arguments[0], "compression.type", "none"));
        List<byte[]> values = values(batchBytes);
        AtomicLong acknowledgedBytes = new AtomicLong();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings.packetProducer(batchBytes))) {
            producer.send(new ProducerRecord<>(topic, 0, null, values.getFirst())).get();
            System.err.println(READY);
            long beginNs = System.nanoTime();
            long cpuBeforeNs = cpuNs();
            for (int i = 0; !stopSignal.await(Duration.ZERO); i++) {
                byte[] value = values.get(i % VALUES);
                producer.send(
                        new ProducerRecord<>(topic, i % partitions, null, value),
                        (_, failure) -> {
                            if (failure == null) {
                                acknowledgedBytes.addAndGet(value.length);
                            }
                        });
            }
            producer.flush();
            System.out.printf(
                    "{\"bytes\":%d,\"seconds\":%s,\"cpuNs\":%d}%n",
                    acknowledgedBytes.get(),
                    (System.nanoTime() - beginNs) / 1e9,
                    cpuNs() - cpuBeforeNs);
        }
        stopSignal.exit(0);
    }

    private static List<byte[]> values(int batchBytes) {
        Random random = new Random(SEED);
        BatchPool pool = new BatchPool(2, batchBytes, () -> {});
        BatchEncoder batches =
                new BatchEncoder(
                        pool,
                        WireFormat.SINGLE_OBJECT,
                        0,
                        1,
                        batchBytes,
                        new CaptureDescriptor(
                                "bench", "bench", 1, "bench", LinkType.ETHERNET, FRAME_BYTES),
                        new LaneCounters(0, "bench"));
        byte[] frame = new byte[FRAME_BYTES];
        List<byte[]> values = new ArrayList<>();
        for (long timeNs = 0; values.size() < VALUES; timeNs += FRAME_INTERVAL_NS) {
            fill(frame, random);
            batches.append(
                    MemorySegment.ofArray(frame),
                    0,
                    FRAME_BYTES,
                    VlanTag.NONE,
                    timeNs,
                    FRAME_BYTES,
                    0,
                    0,
                    0,
                    0);
            EncodedBatch full = pool.poll();
            if (full != null) {
                values.add(
                        Arrays.copyOfRange(
                                full.array(), full.offset(), full.offset() + full.length()));
                pool.giveBack(full);
            }
        }
        return List.copyOf(values);
    }

    /// A frame as the injector makes them: the same addresses, and a payload that nothing can
    /// compress.
    private static void fill(byte[] frame, Random random) {
        random.nextBytes(frame);
        Arrays.fill(frame, 0, PAYLOAD_OFFSET, (byte) 0);
        frame[12] = 0x08;
        frame[14] = 0x45;
        frame[23] = 17;
        frame[29] = (byte) random.nextInt();
        frame[35] = (byte) random.nextInt();
    }

    private static long cpuNs() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
