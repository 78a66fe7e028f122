package dev.ringtail.sensor.publish;

import dev.ringtail.cli.KafkaFaults;

import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Logs a fault that may come a thousand times a second, but at most once a minute, with the count
/// of those left unsaid. Callable from any thread.
final class RateLimitedLog {
    private static final long INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);

    private final Logger logger;
    private final String message;
    private final AtomicLong nextNs = new AtomicLong(System.nanoTime());
    private final AtomicLong unsaid = new AtomicLong();

    RateLimitedLog(Logger logger, String message) {
        this.logger = logger;
        this.message = message;
    }

    void warn(Throwable fault) {
        warn(fault, KafkaFaults.describe(fault));
    }

    /// @param detail the fault in words
    void warn(Throwable fault, String detail) {
        long nowNs = System.nanoTime();
        long dueNs = nextNs.get();
        if (nowNs - dueNs < 0 || !nextNs.compareAndSet(dueNs, nowNs + INTERVAL_NS)) {
            unsaid.incrementAndGet();
            return;
        }
        LoggingEventBuilder event =
                logger.atWarn()
                        .addKeyValue("fault", fault.getClass().getSimpleName())
                        .addKeyValue("detail", detail);
        long count = unsaid.getAndSet(0);
        if (count > 0) {
            event = event.addKeyValue("timesUnsaid", count);
        }
        event.log(message);
    }
}
