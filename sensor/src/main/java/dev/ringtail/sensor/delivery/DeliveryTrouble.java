package dev.ringtail.sensor.delivery;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/// Why something does not arrive at present.
///
/// @param destination where, as `topic capture.packets`
/// @param kind what stays the same while the numbers in its words change
/// @param problem in words
/// @param reason behind it, in words; null while it is not known
/// @param lasting for how long, as far as is known
public record DeliveryTrouble(
        String destination, Kind kind, String problem, @Nullable String reason, Duration lasting) {
    /// Kinds of troubles.
    public enum Kind {
        /// Nobody answers.
        WAITING,

        /// It is answered, by a refusal.
        REFUSED
    }

    /// One line, without its end.
    public String inWords() {
        return destination + ": " + problem + (reason == null ? "" : ": " + reason);
    }
}
