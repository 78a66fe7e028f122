package dev.ringtail.sensor.config;

/// Files to write packets into, under `record:`.
///
/// @param file name of the pcapng file, `-` for standard output, empty where there is none
/// @param rotateSize another file is begun when one is so large; 0 for never
/// @param rotateEvery another file is begun when one is so old; 0 for never
/// @param keepFiles how many of these files there may be, the oldest being deleted; 0 for any
///   number
public record RecordConfig(String file, ByteSize rotateSize, TimeSpan rotateEvery, int keepFiles) {
    private static final String STANDARD_OUTPUT = "-";
    private static final ByteSize MIN_SIZE = ByteSize.parse("64KiB");
    private static final ByteSize MAX_SIZE = ByteSize.parse("1024GiB");
    private static final TimeSpan MIN_AGE = TimeSpan.parse("1s");
    private static final TimeSpan MAX_AGE = TimeSpan.parse("168h");
    private static final int MAX_FILES = 1_000_000;

    /// @throws InvalidConfigException where a value is out of its bounds, or means nothing without
    ///   another
    public RecordConfig {
        Bounds.check("record.keepFiles", keepFiles, 0, MAX_FILES);
        boolean rotates = rotateSize.bytes() > 0 || !rotateEvery.duration().isZero();
        if (rotateSize.bytes() > 0) {
            Bounds.check("record.rotateSize", rotateSize, MIN_SIZE, MAX_SIZE);
        }
        if (!rotateEvery.duration().isZero()) {
            Bounds.check("record.rotateEvery", rotateEvery, MIN_AGE, MAX_AGE);
        }
        if (keepFiles > 0 && !rotates) {
            throw new InvalidConfigException(
                    "record.keepFiles",
                    "there is one file alone without record.rotateSize or record.rotateEvery");
        }
        if (rotates && file.isEmpty()) {
            throw new InvalidConfigException(
                    "record.file", "none is given, so there is nothing to rotate; use -w");
        }
        if (rotates && file.equals(STANDARD_OUTPUT)) {
            throw new InvalidConfigException(
                    "record.file", "standard output can't be rotated; name a file");
        }
    }

    /// Whether packets go into a file, or to standard output, and not into Kafka.
    public boolean isWanted() {
        return !file.isEmpty();
    }

    /// Whether that is standard output, which then carries nothing else.
    public boolean toStandardOutput() {
        return file.equals(STANDARD_OUTPUT);
    }

    /// Whether there may be several files.
    public boolean rotates() {
        return rotatesBySize() || rotatesByTime();
    }

    /// Whether a file's size may begin another.
    public boolean rotatesBySize() {
        return rotateSize.bytes() > 0;
    }

    /// Whether a file's age may begin another.
    public boolean rotatesByTime() {
        return !rotateEvery.duration().isZero();
    }
}
