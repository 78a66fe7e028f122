package dev.ringtail.sensor;

import java.time.Duration;

/// How the time for a stop is shared out. Each part takes less where it can, and what it leaves is
/// the next one's.
///
/// @param lanes until the lanes have read what is in their rings, for which they need batches that
///   come back from the publisher; what is left then is `shed`
/// @param delivery until every batch has its outcome, the lanes' time included; what has none then
///   is `unknown`
/// @param report of what is left, for the final report; the producers' closing has the rest
record StopTimes(Duration lanes, Duration delivery, Duration report) {
    private static final Duration MAX_CLOSING = Duration.ofSeconds(8);

    static StopTimes of(Duration stopTimeout) {
        Duration closing = stopTimeout.multipliedBy(2).dividedBy(5);
        if (closing.compareTo(MAX_CLOSING) > 0) {
            closing = MAX_CLOSING;
        }
        Duration delivery = stopTimeout.minus(closing);
        return new StopTimes(
                delivery.multipliedBy(3).dividedBy(4),
                delivery,
                closing.multipliedBy(5).dividedBy(8));
    }
}
