package dev.ringtail.consumer.flows;

import dev.ringtail.schema.FlowRecord;
import dev.ringtail.schema.RecordEncoder;
import dev.ringtail.schema.SchemaLookup;
import dev.ringtail.schema.Topics;
import dev.ringtail.schema.WireFormat;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The Kafka Streams topology: packets topic → [FlowProcessor] with its two stores → flows topic.
///
/// Stores are in memory and restored from their changelogs: open flows are few (those of the last
/// idle timeout), streams fewer. The cache before them saves a changelog record a flow and batch:
/// what goes to Kafka is one a flow and commit.
final class FlowTopology {
    /// Open flows: [FlowKey] → [FlowAggregate].
    static final String FLOWS_STORE = "flows";

    /// Streams of packet numbers: [StreamProgress#key] → [StreamProgress].
    static final String STREAMS_STORE = "streams";

    private static final String SOURCE = "packets";
    private static final String PROCESSOR = "flow-analysis";
    private static final String SINK = "flow-records";

    private FlowTopology() {}

    static Topology of(
            Topics topics,
            FlowTimeouts timeouts,
            FlowCounters counters,
            EndOfInput endOfInput,
            SchemaLookup schemas,
            WireFormat wireFormat) {
        RecordEncoder<FlowRecord> encoder = new RecordEncoder<>(FlowRecord.class, wireFormat);
        return new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        SOURCE,
                        new AnyTimestamp(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.packets())
                .addProcessor(
                        PROCESSOR,
                        () -> new FlowProcessor(timeouts, counters, endOfInput, schemas),
                        SOURCE)
                .addStateStore(flowsStore().withCachingEnabled(), PROCESSOR)
                .addStateStore(streamsStore().withCachingEnabled(), PROCESSOR)
                .addSink(
                        SINK,
                        topics.flows(),
                        new StringSerializer(),
                        (String topic, FlowRecord flow) -> encoder.encode(flow),
                        PROCESSOR);
    }

    /// A builder of the store of streams, without a cache.
    static StoreBuilder<KeyValueStore<String, StreamProgress>> streamsStore() {
        return store(
                STREAMS_STORE,
                Serdes.String(),
                serde(StreamProgress::toBytes, StreamProgress::fromBytes));
    }

    /// A builder of the store of open flows, without a cache.
    static StoreBuilder<KeyValueStore<FlowKey, FlowAggregate>> flowsStore() {
        return store(
                FLOWS_STORE,
                serde(FlowKey::toBytes, FlowKey::fromBytes),
                serde(FlowAggregate::toBytes, FlowAggregate::fromBytes));
    }

    private static <K, V> StoreBuilder<KeyValueStore<K, V>> store(
            String name, Serde<K> keys, Serde<V> values) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), keys, values);
    }

    private interface ToBytes<T> {
        byte[] apply(T value);
    }

    private interface FromBytes<T> {
        T apply(byte[] bytes);
    }

    /// Kafka Streams asks for the bytes of null (a deletion), and the value of none.
    @SuppressWarnings("NullAway") // Kafka's interfaces are not annotated: null is legal in both.
    private static <T> Serde<T> serde(ToBytes<T> toBytes, FromBytes<T> fromBytes) {
        return Serdes.serdeFrom(
                (topic, value) -> value == null ? null : toBytes.apply(value),
                (topic, bytes) -> bytes == null ? null : fromBytes.apply(bytes));
    }

    /// Kafka Streams refuses records from before 1970; their packets count like all others. Its own
    /// notion of time is not used here.
    private static final class AnyTimestamp implements TimestampExtractor {
        @Override
        public long extract(ConsumerRecord<Object, Object> record, long partitionTimeMs) {
            return Math.max(0, record.timestamp());
        }
    }
}
