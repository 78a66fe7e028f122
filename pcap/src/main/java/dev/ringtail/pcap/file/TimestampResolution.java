package dev.ringtail.pcap.file;

/// How an interface of a pcapng file counts time: `if_tsresol` and `if_tsoffset`.
///
/// @param binary whether units are 2^-exponent seconds, otherwise 10^-exponent
/// @param exponent 0 to 63 when binary, otherwise 0 to 19: what libpcap takes too
/// @param offsetSeconds added to every timestamp
record TimestampResolution(boolean binary, int exponent, long offsetSeconds) {
    private static final long NS_PER_SECOND = 1_000_000_000;
    private static final int MAX_BINARY_EXPONENT = 63;
    private static final int MAX_DECIMAL_EXPONENT = 19;

    /// What holds without the option: microseconds.
    static final int DEFAULT_CODE = 6;

    /// What [PcapngWriter] writes: nanoseconds.
    static final int NANOSECONDS_CODE = 9;

    /// Whether [#ofCode] takes an `if_tsresol` byte.
    static boolean supports(int code) {
        int exponent = code & 0x7f;
        return exponent <= (isBinary(code) ? MAX_BINARY_EXPONENT : MAX_DECIMAL_EXPONENT);
    }

    /// Returns the resolution of an `if_tsresol` byte: the highest bit says binary, the others the
    /// exponent.
    static TimestampResolution ofCode(int code, long offsetSeconds) {
        return new TimestampResolution(isBinary(code), code & 0x7f, offsetSeconds);
    }

    private static boolean isBinary(int code) {
        return (code & 0x80) != 0;
    }

    /// Returns nanoseconds since the epoch; what is finer than a nanosecond is cut.
    ///
    /// @param units unsigned 64 bits as in the file
    /// @throws ArithmeticException when they don't fit a long
    long toNs(long units) {
        long seconds;
        long ns;
        if (binary) {
            seconds = units >>> exponent;
            ns = scaleBinary(units & (1L << exponent) - 1);
        } else {
            long unitsPerSecond = powerOfTen(exponent);
            seconds = Long.divideUnsigned(units, unitsPerSecond);
            ns = scaleDecimal(Long.remainderUnsigned(units, unitsPerSecond));
        }
        if (seconds < 0) {
            throw new ArithmeticException("seconds exceed a long");
        }
        long since = Math.addExact(seconds, offsetSeconds);
        return Math.addExact(Math.multiplyExact(since, NS_PER_SECOND), ns);
    }

    /// fraction * 10^9 / 2^exponent, by way of 128 bits.
    private long scaleBinary(long fraction) {
        long low = fraction * NS_PER_SECOND;
        if (exponent == 0) {
            return 0;
        }
        long high = Math.unsignedMultiplyHigh(fraction, NS_PER_SECOND);
        return high << (Long.SIZE - exponent) | low >>> exponent;
    }

    private long scaleDecimal(long fraction) {
        return exponent <= 9
                ? fraction * powerOfTen(9 - exponent)
                : Long.divideUnsigned(fraction, powerOfTen(exponent - 9));
    }

    /// Returns the unit, for messages.
    @Override
    public String toString() {
        return "%d^-%d s from %d s".formatted(binary ? 2 : 10, exponent, offsetSeconds);
    }

    /// 10^n as an unsigned long, for n up to 19.
    private static long powerOfTen(int n) {
        long power = 1;
        for (int i = 0; i < n; i++) {
            power *= 10;
        }
        return power;
    }
}
