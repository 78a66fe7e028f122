package dev.ringtail.bench.load;

import java.util.Random;

/// Size of the injected frames, from the first byte of the Ethernet header, without the checksum at
/// the end.
public enum FrameSize {
    /// The least that Ethernet has.
    SMALL("60"),
    /// RFC 2544's second size.
    BYTES_128("128"),
    /// What IMIX has in its middle.
    BYTES_590("590"),
    /// The most that Ethernet has without jumbo frames.
    LARGE("1514"),
    /// 60, 590 and 1514 bytes as 7 to 4 to 1, the simple IMIX.
    MIX("mix");

    private static final int MIX_SMALL = 7;
    private static final int MIX_MEDIUM = 4;
    private static final int MIX_LARGE = 1;
    private static final int MIX_TOTAL = MIX_SMALL + MIX_MEDIUM + MIX_LARGE;

    private final String option;

    FrameSize(String option) {
        this.option = option;
    }

    /// Bytes of a frame, at random where sizes differ.
    int frameBytes(Random random) {
        if (this != MIX) {
            return Integer.parseInt(option);
        }
        int place = random.nextInt(MIX_TOTAL);
        FrameSize one =
                place < MIX_SMALL ? SMALL : place < MIX_SMALL + MIX_MEDIUM ? BYTES_590 : LARGE;
        return one.frameBytes(random);
    }

    /// Bytes of a frame on average.
    public double meanBytes() {
        return this == MIX
                ? (MIX_SMALL * SMALL.meanBytes()
                                + MIX_MEDIUM * BYTES_590.meanBytes()
                                + MIX_LARGE * LARGE.meanBytes())
                        / MIX_TOTAL
                : Integer.parseInt(option);
    }

    /// The size as options take it: bytes, or `mix`.
    public String option() {
        return option;
    }

    /// The size of this option.
    ///
    /// @throws IllegalArgumentException if there is none
    public static FrameSize of(String option) {
        for (FrameSize size : values()) {
            if (size.option.equals(option)) {
                return size;
            }
        }
        throw new IllegalArgumentException(
                "no frame size " + option + "; allowed are 60, 128, 590, 1514, mix");
    }

    /// With its unit, as in the table.
    @Override
    public String toString() {
        return this == MIX ? option : option + " B";
    }
}
