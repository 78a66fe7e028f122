package dev.ringtail.pcap.frame;

import static dev.ringtail.testing.Frames.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.MemorySegment;

class InternetChecksumTest {
    @Test
    void agreesWithTheExampleOfRfc1071() {
        long sum = sum("0001 f203 f4f5 f6f7");

        assertThat(InternetChecksum.fold(sum)).isEqualTo(0xddf2);
        assertThat(InternetChecksum.of(sum)).isEqualTo(0x220d);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0xffff",
        "12, 0xedff",
        "1234, 0xedcb",
        "123456, 0x97cb",
        "12345678, 0x9753",
        "ffff ffff, 0x0000",
        "4500 0073 0000 4000 4011 0000 c0a8 0001 c0a8 00c7, 0xb861"
    })
    void sumsAnyCountOfBytes(String hex, int expected) {
        assertThat(InternetChecksum.of(sum(hex))).isEqualTo(expected);
    }

    @Test
    void foldsTheSumOfMuchMoreThanAFrame() {
        MemorySegment ones = MemorySegment.ofArray(new byte[1 << 20]).fill((byte) 0xff);

        assertThat(InternetChecksum.fold(InternetChecksum.sum(ones, 0, ones.byteSize())))
                .isEqualTo(0xffff);
    }

    private static long sum(String hex) {
        byte[] data = bytes("ff", hex, "ff");
        return InternetChecksum.sum(MemorySegment.ofArray(data), 1, data.length - 2);
    }
}
