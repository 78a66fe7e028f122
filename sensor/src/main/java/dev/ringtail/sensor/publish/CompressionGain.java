package dev.ringtail.sensor.publish;

import java.util.zip.Deflater;

/// How much smaller compression would make what is published, by samples.
///
/// A sample is deflated at its fastest level (RFC 1951). That finds what lz4 finds in its blocks of
/// 64 KiB, but for repeats more than 32 KiB apart, and more where few different bytes are used, as
/// in base64: such packets stay compressed. One thread.
final class CompressionGain {
    /// Less of a value tells nothing: a few packets are mostly headers.
    static final int MIN_SAMPLE_BYTES = 8 * 1024;

    private static final int MAX_SAMPLE_BYTES = 64 * 1024;

    /// Share of a new sample in the mean of all.
    private static final double NEWEST_SHARE = 0.2;

    /// It begins to be worth its time where it saves more than the one, and ceases where it saves
    /// less than the other.
    private static final double BEGIN_SAVED = 0.15;

    private static final double CEASE_SAVED = 0.1;

    private final byte[] deflated = new byte[MAX_SAMPLE_BYTES];
    private double meanSaved = Double.NaN;
    private boolean worthwhile = true;

    /// Takes a value as a sample.
    ///
    /// @param value of [#MIN_SAMPLE_BYTES] at least
    /// @return whether to compress what comes
    boolean isWorthwhileAfter(byte[] value) {
        double saved = saved(value);
        meanSaved =
                Double.isNaN(meanSaved) ? saved : meanSaved + NEWEST_SHARE * (saved - meanSaved);
        worthwhile = meanSaved > (worthwhile ? CEASE_SAVED : BEGIN_SAVED);
        return worthwhile;
    }

    private double saved(byte[] value) {
        int length = Math.min(value.length, MAX_SAMPLE_BYTES);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            deflater.setInput(value, 0, length);
            deflater.finish();
            return 1 - (double) deflater.deflate(deflated, 0, length) / length;
        } finally {
            deflater.end();
        }
    }
}
