package dev.ringtail.consumer.flows;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

/// Over a real state store, without its changelog.
class OpenFlowsTest {
    private static final FlowKey ONE = key(1);
    private static final FlowKey TWO = key(2);

    private KeyValueStore<FlowKey, FlowAggregate> store;

    private static FlowKey key(int port) {
        return new FlowKey(FlowKey.shape(1, IpProtocol.UDP, FlowKey.PORTS), 0, 10, 0, 20, port);
    }

    private static FlowAggregate packets(int count) {
        FlowAggregate flow = new FlowAggregate();
        for (int i = 0; i < count; i++) {
            flow.add(true, i, 60, 0);
        }
        return flow;
    }

    @BeforeEach
    void open() {
        store = FlowTopology.flowsStore().withLoggingDisabled().build();
        store.init(new MockProcessorContext<>().getStateStoreContext(), store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Map<FlowKey, Long> stored() {
        Map<FlowKey, Long> packets = new HashMap<>();
        try (KeyValueIterator<FlowKey, FlowAggregate> flows = store.all()) {
            while (flows.hasNext()) {
                KeyValue<FlowKey, FlowAggregate> flow = flows.next();
                packets.put(flow.key, flow.value.packets(true));
            }
        }
        return packets;
    }

    private static Map<FlowKey, Long> all(OpenFlows flows) {
        Map<FlowKey, Long> packets = new HashMap<>();
        flows.forEach((key, flow) -> packets.put(key, flow.packets(true)));
        return packets;
    }

    @Test
    void hasWhatIsStored() {
        store.put(ONE, packets(3));

        OpenFlows flows = new OpenFlows(store);

        assertThat(all(flows)).isEqualTo(Map.of(ONE, 3L));
        assertThat(flows.get(key(1))).isNotNull().returns(3L, flow -> flow.packets(true));
        assertThat(flows.get(TWO)).isNull();
    }

    @Test
    void storesAFlowWhenItIsPut() {
        OpenFlows flows = new OpenFlows(store);
        FlowAggregate one = packets(1);

        flows.put(ONE, one);
        one.add(true, 5, 60, 0);

        assertThat(stored()).isEqualTo(Map.of(ONE, 1L));
        assertThat(flows.get(ONE)).isSameAs(one);

        flows.put(ONE, one);

        assertThat(stored()).isEqualTo(Map.of(ONE, 2L));
    }

    @Test
    void removesOneFlow() {
        OpenFlows flows = new OpenFlows(store);
        flows.put(ONE, packets(1));
        flows.put(TWO, packets(2));

        flows.remove(ONE);

        assertThat(stored()).isEqualTo(Map.of(TWO, 2L));
        assertThat(all(flows)).isEqualTo(Map.of(TWO, 2L));
    }

    @Test
    void removesAllFlows() {
        store.put(ONE, packets(1));
        OpenFlows flows = new OpenFlows(store);
        flows.put(TWO, packets(2));

        flows.clear();

        assertThat(stored()).isEmpty();
        assertThat(all(flows)).isEmpty();
    }
}
