package dev.ringtail.sensor.publish;

import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Topics;
import dev.ringtail.sensor.delivery.BatchSink;
import dev.ringtail.sensor.delivery.SinkStatus;
import dev.ringtail.sensor.lane.BatchHandOff;
import dev.ringtail.sensor.ledger.Ledger;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/// Batches into the packets topic, the ledger's reports beside them.
final class KafkaSink implements BatchSink {
    private final ReportPublisher reports;
    private final Publisher publisher;

    private KafkaSink(ReportPublisher reports, Publisher publisher) {
        this.reports = reports;
        this.publisher = publisher;
    }

    /// @throws PublishException if Kafka's client refuses the settings
    static KafkaSink open(KafkaSettings kafka, Topics topics, Ledger ledger, int batchBytes) {
        ReportPublisher reports = new ReportPublisher(kafka, topics, ledger);
        try {
            return new KafkaSink(
                    reports, new Publisher(kafka, topics.packets(), batchBytes, ledger, false));
        } catch (RuntimeException e) {
            reports.close();
            throw e;
        }
    }

    @Override
    public void register(BatchHandOff handOff) {
        publisher.register(handOff);
    }

    @Override
    public void wake() {
        publisher.wake();
    }

    /// The schemas and a first report are in Kafka before the first batch.
    @Override
    public void start() {
        reports.start();
        publisher.start();
    }

    @Override
    public void drain(Duration timeout) {
        boolean _ = publisher.drain(timeout); // The ledger tells what is left.
    }

    @Override
    public void finish(SensorReport finalReport, Duration timeout) {
        reports.finish(finalReport, timeout);
    }

    @Override
    public @Nullable Throwable failure() {
        return publisher.failure();
    }

    @Override
    public SinkStatus status() {
        return new SinkStatus(
                publisher.lag(),
                Stream.of(publisher.trouble(), reports.trouble())
                        .flatMap(Optional::stream)
                        .toList());
    }

    @Override
    public void close() {
        publisher.close();
        reports.close();
    }
}
