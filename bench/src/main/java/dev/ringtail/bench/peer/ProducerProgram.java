package dev.ringtail.bench.peer;

import dev.ringtail.sensor.StopSignal;
import dev.ringtail.sensor.publish.KafkaSettings;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/// Sends records of random bytes to all partitions of a topic in turn, with the sensor's own
/// producer settings, as fast as Kafka takes them. Runs until SIGTERM, then waits for the answers
/// and prints what Kafka has acknowledged as JSON.
public final class ProducerProgram {
    /// On standard error once Kafka has answered to a first record, which is not counted.
    static final String READY = "sending";

    /// Different values: more bytes than a processor's cache holds, as packets have them.
    private static final int VALUES = 64;

    private static final long SEED = 1;

    private ProducerProgram() {}

    /// @param arguments bootstrap server, topic, count of its partitions, bytes of a record's value
    public static void main(String[] arguments) throws Exception {
        StopSignal stopSignal = StopSignal.install();
        String topic = arguments[1];
        int partitions = Integer.parseInt(arguments[2]);
        int valueBytes = Integer.parseInt(arguments[3]);
        KafkaSettings settings = new KafkaSettings(Map.of("bootstrap.servers", arguments[0]));
        byte[][] values = values(valueBytes);
        AtomicLong acknowledgedBytes = new AtomicLong();
        Callback count =
                (_, failure) -> {
                    if (failure == null) {
                        acknowledgedBytes.addAndGet(valueBytes);
                    }
                };
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings.packetProducer(valueBytes))) {
            producer.send(new ProducerRecord<>(topic, 0, null, values[0])).get();
            System.err.println(READY);
            long beginNs = System.nanoTime();
            long cpuBeforeNs = cpuNs();
            for (int i = 0; !stopSignal.await(Duration.ZERO); i++) {
                byte[] value = values[i % VALUES];
                producer.send(new ProducerRecord<>(topic, i % partitions, null, value), count);
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

    private static byte[][] values(int bytes) {
        Random random = new Random(SEED);
        byte[][] values = new byte[VALUES][bytes];
        for (byte[] value : values) {
            random.nextBytes(value);
        }
        return values;
    }

    private static long cpuNs() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
