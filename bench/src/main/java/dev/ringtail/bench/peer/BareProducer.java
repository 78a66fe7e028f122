package dev.ringtail.bench.peer;

import com.fasterxml.jackson.databind.JsonNode;

import dev.ringtail.bench.rig.BenchException;
import dev.ringtail.bench.rig.Broker;
import dev.ringtail.bench.rig.Child;
import dev.ringtail.bench.rig.Home;
import dev.ringtail.bench.rig.Limit;
import dev.ringtail.bench.rig.ProcessUsage;
import dev.ringtail.sensor.publish.TopicSettings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;

/// [ProducerProgram] in a JVM as the sensor has it.
public final class BareProducer {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Broker broker;

    /// @param broker keeps the topic
    public BareProducer(Broker broker) {
        this.broker = broker;
    }

    /// Starts it and returns once it sends.
    public Running start(Path workFolder) throws InterruptedException {
        Child process =
                Child.start(
                        workFolder,
                        Home.java(
                                Home.SENSOR_JVM,
                                ProducerProgram.class,
                                broker.bootstrapServers(),
                                broker.standingTopic(),
                                Integer.toString(Broker.PARTITIONS),
                                Integer.toString(TopicSettings.DEFAULT_BATCH_BYTES)));
        try {
            process.awaitErr(ProducerProgram.READY, LIMIT);
            return new Running(process, broker);
        } catch (BenchException | InterruptedException e) {
            process.close();
            throw e;
        }
    }

    /// What Kafka has acknowledged.
    ///
    /// @param bytes of the records' values
    /// @param seconds until the last answer
    /// @param cpuNs processor time of the process meanwhile
    public record Sent(long bytes, double seconds, long cpuNs) {}

    /// A producer that sends.
    public static final class Running implements AutoCloseable {
        private final Child process;
        private final Broker broker;

        Running(Child process, Broker broker) {
            this.process = process;
            this.broker = broker;
        }

        /// CPU time by who uses it.
        public Map<String, LongSupplier> cpuParts() {
            return Map.of(
                    Limit.PRODUCER,
                    () -> ProcessUsage.cpuNs(process.pid()),
                    Limit.BROKER,
                    broker::cpuNs);
        }

        /// Ends it in order.
        public Sent stop() throws InterruptedException {
            process.stop(LIMIT);
            JsonNode sent = process.json();
            return new Sent(
                    sent.required("bytes").asLong(),
                    sent.required("seconds").asDouble(),
                    sent.required("cpuNs").asLong());
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
