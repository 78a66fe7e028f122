package dev.ringtail.sensor.publish;

import java.util.zip.Deflater;

/// How much smaller compression would make what is published, by samples.
///
/// A sample is deflated at its fastest level (RFC 1951), which finds all that lz4 finds, and more:
/// where that saves little, lz4 saves less. One thread.
final class CompressionGain {
    /// Least and all that is looked at of a value. A few packets alone are mostly headers.
    static final int SAMPLE_BYTES = 8 * 1024;

    /// Share of a new sample in the mean of all.
    private static final double NEWEST_SHARE = 0.2;

    /// It begins to be worth its time where it saves more than the one, and ceases where it saves
    /// less than the other.
    private static final double BEGIN_SAVED = 0.15;

    private static final double CEASE_SAVED = 0.1;

    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final byte[] deflated = new byte[SAMPLE_BYTES];
    private double meanSaved = Double.NaN;
    private boolean worthwhile = true;

    /// Takes a value as a sample.
    ///
    /// @param value of [#SAMPLE_BYTES] at least
    /// @return whether to compress what comes
    boolean isWorthwhileAfter(byte[] value) {
        deflater.reset();
        deflater.setInput(value, 0, SAMPLE_BYTES);
        deflater.finish();
        double saved = 1 - (double) deflater.deflate(deflated) / SAMPLE_BYTES;
        meanSaved =
                Double.isNaN(meanSaved) ? saved : meanSaved + NEWEST_SHARE * (saved - meanSaved);
        worthwhile = meanSaved > (worthwhile ? CEASE_SAVED : BEGIN_SAVED);
        return worthwhile;
    }
}
