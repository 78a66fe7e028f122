package dev.ringtail.consumer.testing;

import dev.ringtail.consumer.Main;
import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.schema.BatchHeaders;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.SingleObject;
import dev.ringtail.schema.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/// One deployment's topics on a running Kafka, written without a sensor, and the commands over it.
public final class TestTopics implements AutoCloseable {
    /// How a command ended.
    ///
    /// @param exit its exit code
    /// @param out what it wrote to standard output
    /// @param err what it wrote to standard error
    public record Result(int exit, String out, String err) {}

    private final String bootstrapServers;
    private final String prefix;
    private final Topics topics;
    private final Admin admin;
    private final Producer<byte[], byte[]> producer;

    /// Creates the topics.
    public TestTopics(
            LocalKafka kafka, String prefix, int partitionCount, Map<String, String> config)
            throws InterruptedException, ExecutionException {
        this.bootstrapServers = kafka.bootstrapServers();
        this.prefix = prefix;
        this.topics = Topics.withPrefix(prefix);
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrapServers);
        this.admin = Admin.create(properties);
        Map<String, String> packetsConfig = new HashMap<>(config);
        packetsConfig.put("retention.ms", "-1");
        admin.createTopics(
                        List.of(
                                new NewTopic(topics.packets(), partitionCount, (short) 1)
                                        .configs(packetsConfig),
                                new NewTopic(topics.reports(), 1, (short) 1),
                                new NewTopic(topics.schemas(), 1, (short) 1)))
                .all()
                .get();
        this.producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /// Sends a batch to its partition, with headers.
    ///
    /// @return its offset
    public long send(PacketBatch batch) throws InterruptedException, ExecutionException {
        return send(batch, SingleObject.encode(batch));
    }

    /// Sends any value with the headers of a batch.
    ///
    /// @return its offset
    public long send(PacketBatch batch, byte[] value)
            throws InterruptedException, ExecutionException {
        ProducerRecord<byte[], byte[]> record = record(batch, value);
        header(record, BatchHeaders.SENSOR, batch.getSensorId());
        header(record, BatchHeaders.SESSION, batch.getSessionId());
        header(record, BatchHeaders.LANE, batch.getLane());
        header(record, BatchHeaders.FIRST_PACKET, batch.getFirstPacketNumber());
        header(record, BatchHeaders.PACKETS, batch.getPackets().size());
        header(record, BatchHeaders.MIN_NS, batch.getMinTimestampNs());
        header(record, BatchHeaders.MAX_NS, batch.getMaxTimestampNs());
        return producer.send(record).get().offset();
    }

    /// Sends a batch without headers.
    public void sendBare(PacketBatch batch) throws InterruptedException, ExecutionException {
        producer.send(record(batch, SingleObject.encode(batch))).get();
    }

    private ProducerRecord<byte[], byte[]> record(PacketBatch batch, byte[] value) {
        long timestampMs = Math.ceilDiv(batch.getMaxTimestampNs(), 1_000_000L);
        return new ProducerRecord<>(
                topics.packets(), batch.getPartition(), timestampMs, null, value);
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, Object value) {
        record.headers().add(name, value.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// Sends a report.
    public void send(SensorReport report) throws InterruptedException, ExecutionException {
        byte[] key =
                Topics.reportKey(report.getSensorId(), report.getSessionId())
                        .getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topics.reports(), key, SingleObject.encode(report)))
                .get();
    }

    /// Deletes records of a partition, as retention does.
    public void expire(int partition, long beforeOffset)
            throws InterruptedException, ExecutionException {
        admin.deleteRecords(
                        Map.of(
                                new TopicPartition(topics.packets(), partition),
                                RecordsToDelete.beforeOffset(beforeOffset)))
                .all()
                .get();
    }

    /// Runs a command over these topics.
    public Result run(String command, String... args) {
        return run(line(command, args));
    }

    /// Starts a command over these topics in a process of its own; the caller ends it.
    public Process start(String command, String... args) throws IOException {
        return start(line(command, args));
    }

    /// The same, where nobody reads what it says: that is for the files.
    public Process start(Path out, Path err, String command, String... args) throws IOException {
        return process(line(command, args))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
    }

    /// Starts any command line in a process of its own; the caller ends it.
    public static Process start(List<String> arguments) throws IOException {
        return process(arguments).start();
    }

    private static ProcessBuilder process(List<String> arguments) {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName()));
        line.addAll(arguments);
        return new ProcessBuilder(line);
    }

    private List<String> line(String command, String... args) {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                command,
                                "--bootstrap-server",
                                bootstrapServers,
                                "--topic-prefix",
                                prefix));
        line.addAll(List.of(args));
        return line;
    }

    /// Runs any command line.
    public static Result run(List<String> line) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit =
                Main.commandLine()
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .execute(line.toArray(String[]::new));
        return new Result(exit, out.toString(), err.toString());
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
    }
}
