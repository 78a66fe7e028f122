package dev.ringtail.sensor.config;

/// Checks of values against what is allowed.
final class Bounds {
    private Bounds() {}

    static void check(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new InvalidConfigException(
                    key, value + " is not between " + least + " and " + most);
        }
    }

    static void check(String key, TimeSpan value, TimeSpan least, TimeSpan most) {
        if (value.duration().compareTo(least.duration()) < 0
                || value.duration().compareTo(most.duration()) > 0) {
            throw new InvalidConfigException(
                    key, value + " is not between " + least + " and " + most);
        }
    }

    static void check(String key, ByteSize value, ByteSize least, ByteSize most) {
        if (value.bytes() < least.bytes() || value.bytes() > most.bytes()) {
            throw new InvalidConfigException(
                    key, value + " is not between " + least + " and " + most);
        }
    }
}
