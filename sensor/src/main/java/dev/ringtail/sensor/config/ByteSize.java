package dev.ringtail.sensor.config;

import com.fasterxml.jackson.annotation.JsonCreator;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A count of bytes, written with its unit: `4096B`, `256KiB`, `1MiB`, `2GiB`.
///
/// @param bytes the count, not negative
public record ByteSize(long bytes) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,12})(B|KiB|MiB|GiB)");

    /// A value of a configuration file, which YAML takes for a number where the unit is missing.
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static ByteSize of(Object value) {
        return parse(String.valueOf(value));
    }

    /// @throws IllegalArgumentException for anything but a whole number with one of the units
    public static ByteSize parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a size; write a whole number with B, KiB, MiB or GiB");
        }
        int shift =
                switch (matcher.group(2)) {
                    case "KiB" -> 10;
                    case "MiB" -> 20;
                    case "GiB" -> 30;
                    default -> 0;
                };
        return new ByteSize(Long.parseLong(matcher.group(1)) << shift);
    }

    /// The count as an int.
    ///
    /// @throws IllegalArgumentException where it is 2 GiB or more
    public int intBytes() {
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(this + " is not below 2GiB");
        }
        return (int) bytes;
    }

    @Override
    public String toString() {
        for (int shift = 30; shift > 0; shift -= 10) {
            if (bytes >= 1L << shift && bytes % (1L << shift) == 0) {
                return (bytes >> shift) + (shift == 30 ? "GiB" : shift == 20 ? "MiB" : "KiB");
            }
        }
        return bytes + "B";
    }
}
