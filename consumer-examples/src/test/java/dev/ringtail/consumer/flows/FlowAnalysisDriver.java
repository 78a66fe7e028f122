package dev.ringtail.consumer.flows;

import dev.ringtail.schema.FlowRecord;
import dev.ringtail.schema.RecordDecoder;
import dev.ringtail.schema.SchemaLookup;
import dev.ringtail.schema.SingleObject;
import dev.ringtail.schema.Topics;
import dev.ringtail.schema.WireFormat;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.state.KeyValueIterator;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// The real topology without a broker.
final class FlowAnalysisDriver implements AutoCloseable {
    private final FlowCounters counters = new FlowCounters();
    private final EndOfInput endOfInput = new EndOfInput();
    private final RecordDecoder<FlowRecord> decoder =
            SingleObject.decoder(FlowRecord.class, SchemaLookup.NONE);
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> packets;
    private final TestOutputTopic<String, byte[]> flows;

    FlowAnalysisDriver(Path stateFolder) {
        Topics topics = Topics.withPrefix("test");
        FlowAnalysisConfig config =
                new FlowAnalysisConfig(
                        Map.of("bootstrap.servers", "localhost:1"),
                        topics,
                        WireFormat.SINGLE_OBJECT,
                        FlowTimeouts.DEFAULT,
                        stateFolder);
        Properties properties = new Properties();
        properties.putAll(config.streamsProperties());
        driver =
                new TopologyTestDriver(
                        FlowTopology.of(
                                topics,
                                config.timeouts(),
                                counters,
                                endOfInput,
                                SchemaLookup.NONE,
                                config.wireFormat()),
                        properties);
        packets =
                driver.createInputTopic(
                        topics.packets(), new ByteArraySerializer(), new ByteArraySerializer());
        flows =
                driver.createOutputTopic(
                        topics.flows(), new StringDeserializer(), new ByteArrayDeserializer());
    }

    void send(BatchBuilder batch) {
        send(batch.encode());
    }

    /// The Kafka record's own time does not matter to the analysis.
    void send(byte[] value) {
        packets.pipeInput(new byte[0], value, 0);
    }

    void endInput() {
        endOfInput.reach();
        passTime();
    }

    /// Has each task look once whether the input has ended.
    void passTime() {
        driver.advanceWallClockTime(Duration.ofSeconds(1));
    }

    /// Records written since the last call.
    List<FlowRecord> records() {
        List<FlowRecord> records = new ArrayList<>();
        for (KeyValue<String, byte[]> record : flows.readKeyValuesToList()) {
            FlowRecord flow = decoder.decode(record.value);
            if (!flow.getCommunityId().equals(record.key)) {
                throw new AssertionError("key " + record.key + " of " + flow);
            }
            records.add(flow);
        }
        return records;
    }

    FlowCounters counters() {
        return counters;
    }

    /// Whether the one task has written its open flows and committed that.
    boolean isFlushed() {
        return endOfInput.isFlushed(List.of(new TaskId(0, 0)));
    }

    long openFlows() {
        long count = 0;
        try (KeyValueIterator<FlowKey, FlowAggregate> open =
                driver.<FlowKey, FlowAggregate>getKeyValueStore(FlowTopology.FLOWS_STORE).all()) {
            while (open.hasNext()) {
                open.next();
                count++;
            }
        }
        return count;
    }

    @Override
    public void close() {
        driver.close();
    }
}
