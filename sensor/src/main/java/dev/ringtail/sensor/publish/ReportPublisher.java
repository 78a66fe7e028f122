package dev.ringtail.sensor.publish;

import dev.ringtail.schema.RecordEncoder;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Topics;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.delivery.DeliveryTrouble;
import dev.ringtail.sensor.ledger.Ledger;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Writes the ledger into the reports topic: once before the first batch, once a second, and at the
/// end.
///
/// Reports are cumulative, so one that is lost or late does no harm: while one is under way no
/// other is sent, and a failure is logged once a minute.
public final class ReportPublisher implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ReportPublisher.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration FIRST_TIMEOUT = Duration.ofSeconds(10);

    private final ControlProducer producer;
    private final Topics topics;
    private final Ledger ledger;
    private final RecordEncoder<SensorReport> encoder;
    private final String key;
    private final AnswerWatch answers;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private final RateLimitedLog failures =
            new RateLimitedLog(LOGGER, "writing a report to Kafka failed; capture goes on");
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("rt-report").daemon().factory());

    /// @param wireFormat how reports name their schema
    /// @throws PublishException if Kafka's client refuses the settings
    public ReportPublisher(
            KafkaSettings kafka, Topics topics, WireFormat wireFormat, Ledger ledger) {
        this.producer = new ControlProducer(kafka);
        this.topics = topics;
        this.ledger = ledger;
        this.encoder = new RecordEncoder<>(SensorReport.class, wireFormat);
        this.answers = new AnswerWatch(topics.reports(), Clock.systemUTC(), System::nanoTime);
        this.key = Topics.reportKey(ledger.session().sensorId(), ledger.session().sessionId());
    }

    /// Writes the schemas and a first report, waits until Kafka has them, and goes on every second.
    ///
    /// @throws PublishException if Kafka has not within some seconds
    public void start() {
        SchemaPublisher.publish(producer, topics, FIRST_TIMEOUT);
        producer.sendAndAwait(
                topics.reports(), key, encoder.encode(ledger.snapshot(false)), FIRST_TIMEOUT);
        answers.acknowledged();
        ScheduledFuture<?> _ =
                timer.scheduleWithFixedDelay(
                        this::report,
                        INTERVAL.toMillis(),
                        INTERVAL.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /// Why reports do not reach Kafka, which one does every second where all is well. Callable from
    /// any thread.
    Optional<DeliveryTrouble> trouble() {
        return answers.trouble();
    }

    /// Ends the reports of every second and writes the final one.
    ///
    /// @throws PublishException if Kafka has not acknowledged it within the timeout
    public void finish(SensorReport finalReport, Duration timeout) {
        stopTimer(timeout);
        producer.sendAndAwait(topics.reports(), key, encoder.encode(finalReport), timeout);
    }

    @Override
    public void close() {
        stopTimer(Duration.ZERO);
        producer.close();
    }

    /// The final report must be the last, so the timer's thread has to be done.
    private void stopTimer(Duration timeout) {
        timer.shutdownNow();
        try {
            if (!timer.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.debug("the thread of reports has not ended yet");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void report() {
        if (!underWay.compareAndSet(false, true)) {
            return;
        }
        try {
            Future<RecordMetadata> _ =
                    producer.send(
                            topics.reports(),
                            key,
                            encoder.encode(ledger.snapshot(false)),
                            (metadata, fault) -> {
                                underWay.set(false);
                                if (fault == null) {
                                    answers.acknowledged();
                                } else {
                                    failed(fault);
                                }
                            });
        } catch (RuntimeException e) { // An exception would end the timer.
            underWay.set(false);
            failed(e);
        }
    }

    private void failed(Exception fault) {
        answers.failed(fault);
        failures.warn(fault, Faults.describeWrite(fault, topics.reports()));
    }
}
