package dev.ringtail.pcap.file;

import static dev.ringtail.testing.Frames.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.pcap.LinkType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

class PcapReaderTest {
    private static final int MICROSECONDS = 0xa1b2c3d4;
    private static final int NANOSECONDS = 0xa1b23c4d;
    private static final int MODIFIED = 0xa1b2cd34;

    private static CaptureBytes record(
            CaptureBytes file, int seconds, int fraction, int captured, int original) {
        return file.i32(seconds).i32(fraction).i32(captured).i32(original);
    }

    @ByteOrders
    void readsMicroseconds(ByteOrder order) throws IOException {
        CaptureBytes file = CaptureBytes.pcap(order, MICROSECONDS, LinkType.ETHERNET);
        record(file, 1_700_000_000, 999_999, 3, 1514).bytes(bytes("010203"));
        record(file, 1_700_000_001, 0, 0, 60);

        assertThat(ReadPacket.all(file.toByteArray()))
                .containsExactly(
                        new ReadPacket(0, 1, 1_700_000_000_999_999_000L, 1514, "010203"),
                        new ReadPacket(0, 1, 1_700_000_001_000_000_000L, 60, ""));
    }

    @ByteOrders
    void readsNanoseconds(ByteOrder order) throws IOException {
        CaptureBytes file = CaptureBytes.pcap(order, NANOSECONDS, LinkType.RAW);
        record(file, 1, 999_999_999, 1, 1).bytes(bytes("45"));

        assertThat(ReadPacket.all(file.toByteArray()))
                .containsExactly(new ReadPacket(0, 101, 1_999_999_999L, 1, "45"));
    }

    @ByteOrders
    void readsModifiedFilesAndTheirPacketType(ByteOrder order) throws IOException {
        CaptureBytes file = CaptureBytes.pcap(order, MODIFIED, LinkType.ETHERNET);
        record(file, 1, 2, 2, 2).i32(7).i16(0x800).i8(4).i8(0).bytes(bytes("aabb"));
        record(file, 1, 3, 1, 1).i32(7).i16(0x800).i8(0).i8(0).bytes(bytes("cc"));

        try (CaptureFileReader reader = ReadPacket.open(file.toByteArray())) {
            assertThat(reader.next()).isTrue();
            assertThat(ReadPacket.of(reader))
                    .isEqualTo(new ReadPacket(0, 1, 1_000_002_000L, 2, "aabb"));
            assertThat(reader.packetType()).isEqualTo(4);
            assertThat(reader.direction()).isEqualTo(2);
            assertThat(reader.next()).isTrue();
            assertThat(reader.packetType()).isZero();
            assertThat(reader.direction()).isEqualTo(1);
            assertThat(reader.next()).isFalse();
        }
    }

    /// Red Hat 6.1, Nokia, SuSE 6.3: longer headers than their magic's.
    @ByteOrders
    void readsRecordHeadersThatTheMagicDoesNotTell(ByteOrder order) throws IOException {
        for (int length : List.of(20, 24, 28)) {
            CaptureBytes file = CaptureBytes.pcap(order, length == 28 ? MODIFIED : MICROSECONDS, 1);
            byte[] more = new byte[length - 16];
            for (int i = 0; i < 3; i++) {
                record(file, 1_000_000_000 + i, 7, 60, 80).bytes(more).bytes(new byte[60]);
            }

            assertThat(ReadPacket.all(file.toByteArray()))
                    .extracting(ReadPacket::timestampNs)
                    .containsExactly(
                            1_000_000_000_000_007_000L,
                            1_000_000_001_000_007_000L,
                            1_000_000_002_000_007_000L);
        }
    }

    @ByteOrders
    void refusesFilesOfAix(ByteOrder order) {
        CaptureBytes file = new CaptureBytes(order).pcapHeader(MICROSECONDS, 2, 65535, 6);

        assertThatThrownBy(() -> ReadPacket.open(file.toByteArray()))
                .hasMessageContaining("byte 20: version 2.2 with link type 6 is AIX's own format");
    }

    /// A second record that makes no sense is a fault, not another format.
    @ByteOrders
    void takesNoDamageForAnotherFormat(ByteOrder order) throws IOException {
        for (int seconds : List.of(0, 1_000_000_000, -1)) {
            CaptureBytes file = CaptureBytes.pcap(order, MICROSECONDS, LinkType.ETHERNET);
            record(file, 1_000_000_000, 7, 60, 60).bytes(new byte[60]);
            record(file, seconds, -1, -1, -1).bytes(new byte[200]);

            try (CaptureFileReader reader = ReadPacket.open(file.toByteArray())) {
                assertThat(reader.next()).isTrue();
                assertThat(reader.dataLength()).isEqualTo(60);
                assertThatThrownBy(reader::next)
                        .hasMessageContaining("byte 100: packet 2 has a captured length of");
            }
        }
    }

    @ByteOrders
    void keepsUnsignedNumbersUnsigned(ByteOrder order) throws IOException {
        CaptureBytes file = CaptureBytes.pcap(order, NANOSECONDS, LinkType.ETHERNET);
        record(file, -1, -1, 1, -1).bytes(bytes("00"));

        assertThat(ReadPacket.all(file.toByteArray()))
                .containsExactly(
                        new ReadPacket(
                                0,
                                1,
                                4_294_967_295L * 1_000_000_000 + 4_294_967_295L,
                                4_294_967_295L,
                                "00"));
    }

    /// The two lengths change places before version 2.3, and in 2.3 where they are the wrong way
    /// round.
    @ParameterizedTest
    @CsvSource({"4,2,60", "3,2,60", "3,60,2", "2,60,2", "0,60,2"})
    void takesTheLengthsAsTheVersionHasThem(int versionMinor, int first, int second)
            throws IOException {
        CaptureBytes file = new CaptureBytes(ByteOrder.BIG_ENDIAN);
        file.pcapHeader(MICROSECONDS, versionMinor, 65535, LinkType.ETHERNET);
        record(file, 1, 0, first, second).bytes(bytes("0102"));

        assertThat(ReadPacket.all(file.toByteArray()))
                .containsExactly(new ReadPacket(0, 1, 1_000_000_000L, 60, "0102"));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "0xf4000001,1", "12,101", "0x0c,101", "276,276"})
    void masksWhatIsAboveTheLinkType(String field, int linkType) throws IOException {
        CaptureBytes file =
                CaptureBytes.pcap(
                        ByteOrder.LITTLE_ENDIAN, MICROSECONDS, Long.decode(field).intValue());
        record(file, 1, 0, 0, 0);

        assertThat(ReadPacket.all(file.toByteArray()).getFirst().linkType()).isEqualTo(linkType);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "96,96", "0x7fffffff,2147483647", "0xffffffff,0"})
    void tellsTheSnapLengthAndZeroForUnlimited(String inFile, int snapLength) throws IOException {
        CaptureBytes file = new CaptureBytes(ByteOrder.LITTLE_ENDIAN);
        file.pcapHeader(MICROSECONDS, 4, Long.decode(inFile).intValue(), LinkType.ETHERNET);
        record(file, 1, 0, 0, 0);

        try (CaptureFileReader reader = ReadPacket.open(file.toByteArray())) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.snapLength()).isEqualTo(snapLength);
        }
    }

    @Test
    void deliversPacketsThatExceedTheSnapLength() throws IOException {
        CaptureBytes file = new CaptureBytes(ByteOrder.LITTLE_ENDIAN);
        file.pcapHeader(MICROSECONDS, 4, 1, LinkType.ETHERNET);
        record(file, 1, 0, 3, 3).bytes(bytes("010203"));

        assertThat(ReadPacket.all(file.toByteArray()).getFirst().dataHex()).isEqualTo("010203");
    }

    @Test
    void readsTheLargestPacket() throws IOException {
        byte[] data = new byte[262_144];
        data[data.length - 1] = 42;
        CaptureBytes file = CaptureBytes.pcap(ByteOrder.LITTLE_ENDIAN, MICROSECONDS, 1);
        record(file, 1, 0, data.length, data.length).bytes(data);

        assertThat(ReadPacket.all(file.toByteArray()).getFirst().dataHex())
                .hasSize(2 * data.length)
                .endsWith("2a");
    }

    @ByteOrders
    void refusesACorruptLengthAndNamesThePacket(ByteOrder order) throws IOException {
        CaptureBytes file = CaptureBytes.pcap(order, MICROSECONDS, LinkType.ETHERNET);
        record(file, 1, 0, 1, 1).bytes(bytes("00"));
        record(file, 2, 0, -1, 60).bytes(bytes("00"));

        try (CaptureFileReader reader = ReadPacket.open(file.toByteArray())) {
            assertThat(reader.next()).isTrue();
            assertThatThrownBy(reader::next)
                    .isInstanceOf(CaptureFormatException.class)
                    .hasMessage(
                            "test.pcap, byte 41: packet 2 has a captured length of 4294967295"
                                    + " bytes; link type ETHERNET allows 262144");
            assertThat(reader.next()).isFalse();
        }
    }

    @Test
    void tellsWhereAFileIsCutOff() throws IOException {
        CaptureBytes file = CaptureBytes.pcap(ByteOrder.LITTLE_ENDIAN, MICROSECONDS, 1);
        record(file, 1, 0, 60, 60).bytes(new byte[20]);

        assertThatThrownBy(() -> ReadPacket.all(file.toByteArray()))
                .hasMessage(
                        "test.pcap, byte 60: the file ends within the data of packet 1: 40 bytes"
                                + " are missing");
    }

    @Test
    void refusesOtherVersionsAndOtherFiles() {
        byte[] version =
                new CaptureBytes(ByteOrder.LITTLE_ENDIAN)
                        .pcapHeader(MICROSECONDS, 5, 65535, LinkType.ETHERNET)
                        .toByteArray();
        byte[] text = "#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII);

        for (byte[] file : List.of(version, text, new byte[0], bytes("d4c3"))) {
            assertThatThrownBy(() -> ReadPacket.open(file))
                    .isInstanceOf(CaptureFormatException.class)
                    .hasMessageStartingWith("test.pcap, byte ");
        }
    }
}
