package dev.ringtail.consumer.flows;

import dev.ringtail.management.Managed;
import dev.ringtail.management.Metric;
import dev.ringtail.management.Samples;

import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/// A flow analysis as its management endpoint tells of it. What its consumers know is read from
/// their [metrics](https://kafka.apache.org/documentation/#consumer_monitoring), so nothing waits
/// for Kafka.
final class ManagedFlows implements Managed {
    /// Far beyond the consumer's heartbeat.interval.ms of 3 s.
    private static final double MAX_HEARTBEAT_AGE_SECONDS = 30;

    private final KafkaStreams streams;
    private final String topic;
    private final FlowCounters counters;
    private final Supplier<@Nullable Throwable> failure;

    /// @param topic the packets topic
    /// @param failure why the analysis has ended; null while it has not
    ManagedFlows(
            KafkaStreams streams,
            String topic,
            FlowCounters counters,
            Supplier<@Nullable Throwable> failure) {
        this.streams = streams;
        this.topic = topic;
        this.counters = counters;
        this.failure = failure;
    }

    @Override
    public List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        Throwable fault = failure.get();
        if (fault != null) {
            troubles.add(Managed.failed(fault));
        }
        KafkaStreams.State state = streams.state();
        if (state != KafkaStreams.State.RUNNING) {
            troubles.add("Kafka Streams is " + nameOf(state));
        }
        streams.metrics()
                .forEach(
                        (name, metric) -> {
                            if (name.name().equals("last-heartbeat-seconds-ago")
                                    && number(metric.metricValue()) > MAX_HEARTBEAT_AGE_SECONDS) {
                                troubles.add(
                                        "Kafka can't be reached: the last heartbeat was sent %.0f s"
                                                        .formatted(number(metric.metricValue()))
                                                + " ago");
                            }
                        });
        return troubles;
    }

    @Override
    public void collect(Samples into) {
        KafkaStreams.State now = streams.state();
        for (KafkaStreams.State state : KafkaStreams.State.values()) {
            into.add(Metric.FLOWS_STATE, state == now ? 1 : 0, nameOf(state));
        }
        lagByPartition()
                .forEach((partition, lag) -> into.add(Metric.FLOWS_LAG_RECORDS, lag, partition));
        into.add(Metric.FLOWS_BATCHES, counters.batches());
        into.add(Metric.FLOWS_CORRUPT_BATCHES, counters.corruptBatches());
        into.add(Metric.FLOWS_PACKETS, counters.packets());
        into.add(Metric.FLOWS_DUPLICATE_PACKETS, counters.duplicatePackets());
        into.add(Metric.FLOWS_PACKETS_WITHOUT_FLOW, counters.packetsWithoutFlow());
        into.add(Metric.FLOWS_RECORDS, counters.flowRecords());
    }

    private Map<String, Double> lagByPartition() {
        Map<String, Double> lags = new HashMap<>();
        streams.metrics()
                .forEach(
                        (name, metric) -> {
                            double lag = number(metric.metricValue());
                            // Not a number before the first fetch.
                            if (isLag(name) && !Double.isNaN(lag)) {
                                lags.put(name.tags().get("partition"), lag);
                            }
                        });
        return lags;
    }

    private boolean isLag(MetricName name) {
        return name.name().equals("records-lag") && topic.equals(name.tags().get("topic"));
    }

    private static double number(Object metricValue) {
        return metricValue instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    private static String nameOf(KafkaStreams.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
