package dev.ringtail.pcap.file;

import static dev.ringtail.testing.Frames.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ringtail.pcap.LinkType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteOrder;

class PcapngReaderTest {
    private static CaptureBytes little() {
        return CaptureBytes.pcapng(ByteOrder.LITTLE_ENDIAN);
    }

    @ByteOrders
    void readsEnhancedPacketsOfSeveralInterfaces(ByteOrder order) throws IOException {
        CaptureBytes file = CaptureBytes.pcapng(order);
        CaptureBytes options = file.body().option(2, "eth0".getBytes(UTF_8));
        options.option(3, "uplink\0".getBytes(UTF_8)).option(9, bytes("09")).endOfOptions();
        file.interfaceBlock(LinkType.ETHERNET, 96, options);
        file.enhancedPacket(0, 1_700_000_000_123_456_789L, bytes("010203"), 1514, file.body());
        file.interfaceBlock(LinkType.RAW, 0);
        file.enhancedPacket(1, 1_700_000_000_123_456L, bytes("45"));

        try (CaptureFileReader reader = ReadPacket.open(file.toByteArray())) {
            assertThat(reader.next()).isTrue();
            assertThat(ReadPacket.of(reader))
                    .isEqualTo(new ReadPacket(0, 1, 1_700_000_000_123_456_789L, 1514, "010203"));
            assertThat(reader.interfaceName()).isEqualTo("eth0");
            assertThat(reader.interfaceDescription()).isEqualTo("uplink");
            assertThat(reader.snapLength()).isEqualTo(96);
            assertThat(reader.next()).isTrue();
            assertThat(ReadPacket.of(reader))
                    .isEqualTo(new ReadPacket(1, 101, 1_700_000_000_123_456_000L, 1, "45"));
            assertThat(reader.interfaceName()).isEmpty();
            assertThat(reader.snapLength()).isZero();
            assertThat(reader.next()).isFalse();
        }
    }

    @ByteOrders
    void countsInterfacesOverSectionsOfEitherByteOrder(ByteOrder order) throws IOException {
        CaptureBytes first = CaptureBytes.pcapng(order);
        first.interfaceBlock(1, 0).interfaceBlock(1, 0).enhancedPacket(1, 1, bytes("aa"));
        ByteOrder other =
                order == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        CaptureBytes second = CaptureBytes.pcapng(other);
        second.interfaceBlock(276, 0).enhancedPacket(0, 2, bytes("bb"));

        assertThat(ReadPacket.all(first.bytes(second.toByteArray()).toByteArray()))
                .containsExactly(
                        new ReadPacket(1, 1, 1000, 1, "aa"), new ReadPacket(2, 276, 2000, 1, "bb"));
    }

    @ByteOrders
    void readsSimplePacketsWithoutTimestamp(ByteOrder order) throws IOException {
        CaptureBytes file = CaptureBytes.pcapng(order).interfaceBlock(LinkType.ETHERNET, 4);
        file.block(3, file.body().i32(60).padded(bytes("01020304")));
        file.block(3, file.body().i32(3).padded(bytes("010203")));

        assertThat(ReadPacket.all(file.toByteArray()))
                .containsExactly(
                        new ReadPacket(0, 1, 0, 60, "01020304"),
                        new ReadPacket(0, 1, 0, 3, "010203"));
    }

    @ByteOrders
    void readsObsoletePackets(ByteOrder order) throws IOException {
        CaptureBytes file = CaptureBytes.pcapng(order).interfaceBlock(1, 0).interfaceBlock(101, 0);
        CaptureBytes body = file.body().i16(1).i16(0xffff).i32(0).i32(5).i32(2).i32(9);
        file.block(2, body.padded(bytes("aabb")).option(2, file.body().i32(2).toByteArray()));

        try (CaptureFileReader reader = ReadPacket.open(file.toByteArray())) {
            assertThat(reader.next()).isTrue();
            assertThat(ReadPacket.of(reader)).isEqualTo(new ReadPacket(1, 101, 5000, 9, "aabb"));
            assertThat(reader.direction()).isEqualTo(2);
        }
    }

    @ByteOrders
    void passesOverOtherBlocks(ByteOrder order) throws IOException {
        CaptureBytes file = CaptureBytes.pcapng(order);
        file.block(0x0bad, file.body().bytes(new byte[400_000])).interfaceBlock(1, 0);
        file.block(4, file.body().i32(0)).block(0x80000001, file.body());
        file.enhancedPacket(0, 0, bytes("01"));
        long packetAt = file.length() - 36L;
        file.block(5, file.body().i32(0).i64(0));

        try (CaptureFileReader reader = ReadPacket.open(file.toByteArray())) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.fileOffset()).isEqualTo(packetAt);
            assertThat(reader.next()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,0", "5,1,0", "13,1,1", "9,1,2", "17,1,3", "2,2,4", "0,0,5", "0x80000001,1,5"})
    void readsDirectionAndPacketType(String flags, int direction, int packetType)
            throws IOException {
        CaptureBytes file = little().interfaceBlock(1, 0);
        CaptureBytes value = file.body().i32(Long.decode(flags).intValue());
        CaptureBytes options = file.body().option(1, "hm".getBytes(UTF_8));
        options.option(2, value.toByteArray()).endOfOptions();
        file.enhancedPacket(0, 0, bytes("01"), 1, options);

        try (CaptureFileReader reader = ReadPacket.open(file.toByteArray())) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.direction()).isEqualTo(direction);
            // Inbound without a kind of reception says nothing on whom the packet was for.
            int expected = flags.equals("1") ? EpbFlags.UNKNOWN_PACKET_TYPE : packetType;
            assertThat(reader.packetType()).isEqualTo(expected);
        }
    }

    @ByteOrders
    void addsTheTimestampOffset(ByteOrder order) throws IOException {
        CaptureBytes file = CaptureBytes.pcapng(order);
        byte[] offset = file.body().i64(-2).toByteArray();
        file.interfaceBlock(1, 0, file.body().option(14, offset).option(9, bytes("8a")));
        file.enhancedPacket(0, 3 * 1024 + 512, bytes("01"));

        assertThat(ReadPacket.all(file.toByteArray()).getFirst().timestampNs())
                .isEqualTo(1_500_000_000L);
    }

    @Test
    void refusesATimestampThatDoesNotFitAndNamesThePacket() throws IOException {
        CaptureBytes file = little().interfaceBlock(1, 0);
        file.enhancedPacket(0, 0, bytes("01")).enhancedPacket(0, -1, bytes("02"));

        try (CaptureFileReader reader = ReadPacket.open(file.toByteArray())) {
            assertThat(reader.next()).isTrue();
            assertThatThrownBy(reader::next)
                    .isInstanceOf(CaptureFormatException.class)
                    .hasMessageContaining("the timestamp of packet 2, 18446744073709551615 units");
        }
    }

    @Test
    void ignoresPacketOptionsThatOverrunTheBlock() throws IOException {
        CaptureBytes file = little().interfaceBlock(1, 0);
        file.enhancedPacket(0, 0, bytes("01"), 1, file.body().i16(2).i16(400));

        assertThat(ReadPacket.all(file.toByteArray())).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"14", "c0", "7f"})
    void refusesResolutionsBeyondItsReach(String code) {
        CaptureBytes file = little();
        file.interfaceBlock(1, 0, file.body().option(9, bytes(code)));
        file.enhancedPacket(0, 0, bytes("01"));

        assertThatThrownBy(() -> ReadPacket.all(file.toByteArray()))
                .isInstanceOf(CaptureFormatException.class)
                .hasMessageContaining("timestamp resolution of interface 0 is 0x" + code);
    }

    @Test
    void refusesWhatContradictsItself() {
        CaptureBytes noInterface = little().enhancedPacket(0, 0, bytes("01"));
        assertRefused(noInterface, "packet 1 is of interface 0; the section has described 0");

        CaptureBytes tooLong = little().interfaceBlock(1, 0);
        tooLong.block(6, tooLong.body().i32(0).i64(0).i32(9).i32(9).i64(0));
        assertRefused(
                tooLong, "packet 1 has a captured length of 9 bytes; its block has room for 8");

        CaptureBytes simple = little().interfaceBlock(1, 0);
        simple.block(3, simple.body().i32(99).i32(0));
        assertRefused(simple, "packet 1 has 99 bytes; its block has room for 4");

        CaptureBytes option = little();
        option.interfaceBlock(1, 0, option.body().i16(2).i16(400));
        assertRefused(option, "an option of interface 0 exceeds its block");

        CaptureBytes trailer = little().i32(5).i32(16).i32(0).i32(20);
        assertRefused(trailer, "byte 40: a block of 16 bytes ends with a total length of 20");

        CaptureBytes odd = little().i32(5).i32(17).bytes(new byte[9]);
        assertRefused(odd, "a total length of 17 bytes; multiples of 4 from 12 are allowed");

        CaptureBytes shortBlock = little().i32(6).i32(28).bytes(new byte[20]);
        assertRefused(shortBlock, "a total length of 28 bytes; multiples of 4 from 32");

        CaptureBytes huge = little().interfaceBlock(1, 0).i32(6).i32(-16);
        assertRefused(huge, "a block has a total length of 4294967280 bytes");

        CaptureBytes hugeUnknown = little().i32(77).i32(-16);
        assertRefused(hugeUnknown, "the file ends within a block of 4294967280 bytes");

        CaptureBytes version = new CaptureBytes(ByteOrder.LITTLE_ENDIAN);
        version.block(0x0a0d0d0a, version.body().i32(0x1a2b3c4d).i16(2).i16(0).i64(-1));
        assertRefused(version, "pcapng version 2.0");

        CaptureBytes magic = new CaptureBytes(ByteOrder.LITTLE_ENDIAN);
        magic.block(0x0a0d0d0a, magic.body().i32(0x1a2b3c4e).i16(1).i16(0).i64(-1));
        assertRefused(magic, "byte 8: the byte-order magic is");
    }

    private static void assertRefused(CaptureBytes file, String message) {
        assertThatThrownBy(() -> ReadPacket.all(file.toByteArray()))
                .isInstanceOf(CaptureFormatException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesMoreInterfacesThanAnyCaptureHas() {
        CaptureBytes file = little();
        byte[] one = file.body().interfaceBlock(1, 0).toByteArray();
        for (int i = 0; i <= 1 << 16; i++) {
            file.bytes(one);
        }

        assertRefused(file, "the file has more than 65536 interfaces");
    }
}
