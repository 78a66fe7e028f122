package dev.ringtail.bench.load;

/// What load is made.
///
/// @param flows count of five-tuples that the frames belong to
/// @param rate frames a second; [#UNPACED] for as fast as it goes
public record LoadSpec(FrameSize size, int flows, long rate) {
    /// As fast as it goes.
    public static final long UNPACED = 0;

    /// Enough flows that every partition gets its share.
    public static final int MANY_FLOWS = 10_000;

    /// Load as fast as it goes.
    public static LoadSpec unpaced(FrameSize size, int flows) {
        return new LoadSpec(size, flows, UNPACED);
    }

    /// Whether a rate is asked for.
    public boolean isPaced() {
        return rate != UNPACED;
    }

    /// The same at another rate.
    public LoadSpec withRate(long framesPerSecond) {
        return new LoadSpec(size, flows, framesPerSecond);
    }
}
