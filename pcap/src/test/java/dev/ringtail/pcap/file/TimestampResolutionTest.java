package dev.ringtail.pcap.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigInteger;
import java.util.SplittableRandom;

class TimestampResolutionTest {
    @ParameterizedTest
    @CsvSource({
        "0, 7, 0, 7000000000",
        "6, 1700000000123456, 0, 1700000000123456000",
        "9, 1700000000123456789, 0, 1700000000123456789",
        "12, 1999, 0, 1",
        "19, 18446744073709551615, 0, 1844674407",
        "0x80, 7, 0, 7000000000",
        "0x81, 3, 0, 1500000000",
        "0xa0, 4294967295, 0, 999999999",
        "0xbf, 9223372036854775809, 0, 1000000000",
        "9, 0, -1, -1000000000",
        "9, 500000000, -1, -500000000",
        "0, 9223372036, 0, 9223372036000000000"
    })
    void convertsToNanoseconds(String code, String units, long offsetSeconds, long ns) {
        TimestampResolution resolution =
                TimestampResolution.ofCode(Integer.decode(code), offsetSeconds);

        assertThat(resolution.toNs(Long.parseUnsignedLong(units))).isEqualTo(ns);
    }

    @ParameterizedTest
    @CsvSource({
        "6, 18446744073709551615, 0",
        "0, 9223372037, 0",
        "9, 9223372036854775808, 0",
        "0, 18446744073709551615, 0",
        "0, 18446744073709551615, 1",
        "9, 0, 9223372036854775807",
        "9, 0, -9223372036854775808"
    })
    void refusesWhatDoesNotFit(int code, String units, long offsetSeconds) {
        TimestampResolution resolution = TimestampResolution.ofCode(code, offsetSeconds);

        assertThatThrownBy(() -> resolution.toNs(Long.parseUnsignedLong(units)))
                .isInstanceOf(ArithmeticException.class);
    }

    @RepeatedTest(3)
    void agreesWithArithmeticOfAnyPrecision(RepetitionInfo repetition) {
        SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
        for (int round = 0; round < 100_000; round++) {
            boolean binary = random.nextBoolean();
            int exponent = random.nextInt(binary ? 64 : 20);
            long units = random.nextLong() >>> random.nextInt(64);
            long offsetSeconds = random.nextLong(-4_000_000_000L, 4_000_000_000L);
            BigInteger exact =
                    new BigInteger(Long.toUnsignedString(units))
                            .multiply(BigInteger.TEN.pow(9))
                            .divide(BigInteger.valueOf(binary ? 2 : 10).pow(exponent))
                            .add(BigInteger.valueOf(offsetSeconds).multiply(BigInteger.TEN.pow(9)));
            TimestampResolution resolution =
                    TimestampResolution.ofCode(exponent | (binary ? 0x80 : 0), offsetSeconds);

            if (exact.bitLength() < Long.SIZE) {
                assertThat(resolution.toNs(units)).isEqualTo(exact.longValueExact());
            } else {
                assertThatThrownBy(() -> resolution.toNs(units))
                        .isInstanceOf(ArithmeticException.class);
            }
        }
    }
}
