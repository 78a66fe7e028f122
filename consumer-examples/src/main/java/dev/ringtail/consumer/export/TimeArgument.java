package dev.ringtail.consumer.export;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A point in time on the command line: an instant (ISO 8601, in UTC unless it says otherwise), or
/// a time ago (`-15m`; days, hours, minutes, seconds, as in `-1d12h`).
final class TimeArgument implements ITypeConverter<Instant> {
    private static final Pattern AGO =
            Pattern.compile("-(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?");
    private static final Duration[] UNITS = {
        Duration.ofDays(1), Duration.ofHours(1), Duration.ofMinutes(1), Duration.ofSeconds(1)
    };

    private final Clock clock;

    /// For picocli.
    TimeArgument() {
        this(Clock.systemUTC());
    }

    TimeArgument(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Instant convert(String value) {
        try {
            Instant instant = value.startsWith("-") ? ago(value) : instant(value);
            // The range of what PacketBatch can hold.
            Math.addExact(
                    Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L),
                    instant.getNano());
            return instant;
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new TypeConversionException(
                    "\""
                            + value
                            + "\" is no time: write an instant as 2026-11-20T10:00:00Z,"
                            + " 2026-11-20T11:00:00+01:00 or 2026-11-20 (UTC), or a time ago as"
                            + " -15m, -2h, -1d");
        }
    }

    private Instant ago(String value) {
        Matcher parts = AGO.matcher(value);
        if (!parts.matches() || value.length() == 1) {
            throw new DateTimeException("not a time ago");
        }
        Duration ago = Duration.ZERO;
        for (int i = 0; i < UNITS.length; i++) {
            String count = parts.group(i + 1);
            if (count != null) {
                ago = ago.plus(UNITS[i].multipliedBy(Long.parseLong(count)));
            }
        }
        return clock.instant().minus(ago);
    }

    private static Instant instant(String value) {
        if (!value.contains("T")) {
            return LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        boolean zoned = value.matches(".*T.*(Z|[+-]\\d\\d(:?\\d\\d)?)");
        return zoned
                ? OffsetDateTime.parse(value).toInstant()
                : LocalDateTime.parse(value).toInstant(ZoneOffset.UTC);
    }
}
