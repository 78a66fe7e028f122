package dev.ringtail.pcap.file;

import static dev.ringtail.testing.Frames.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.pcap.LinkType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

class CaptureWriterTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private CaptureWriter pcapng() throws IOException {
        return new PcapngWriter(out, "x86_64", "Linux", "ringtail");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void writesWhatTheReaderReads(boolean pcapng) throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<ReadPacket> written = new ArrayList<>();
        try (CaptureWriter writer = pcapng ? pcapng() : new PcapWriter(out)) {
            int id = writer.addInterface("eth0", "", LinkType.ETHERNET, 0);
            for (int i = 0; i < 500; i++) {
                byte[] data = new byte[random.nextInt(i % 100 == 0 ? 262_144 : 300)];
                random.nextBytes(data);
                int offset = random.nextInt(data.length + 1);
                int length = data.length - offset;
                long originalLength = random.nextLong(1L << 32);
                long timestampNs = random.nextLong(4_294_967_296_000_000_000L);
                String comment = random.nextInt(4) == 0 ? "a comment" : null;
                int flags = random.nextInt(3);
                writer.writePacket(
                        id, timestampNs, originalLength, data, offset, length, flags, comment);
                String hex = HexFormat.of().formatHex(data, offset, data.length);
                written.add(new ReadPacket(0, 1, timestampNs, originalLength, hex));
            }
            writer.writeStatistics(id, 5, 500, 0, 0);
        }

        assertThat(ReadPacket.all(out.toByteArray())).as("seed %d", seed).isEqualTo(written);
    }

    /// Where a disk becomes full, what was written before ends with a whole packet.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void handsOnWholePacketsAlone(boolean pcapng) throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<Integer> packetsAfterWrite = new ArrayList<>();
        OutputStream checked =
                new OutputStream() {
                    @Override
                    public void write(int value) {
                        throw new AssertionError("a byte alone");
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        out.write(bytes, offset, length);
                        // It throws where the last one is cut off.
                        packetsAfterWrite.add(ReadPacket.all(out.toByteArray()).size());
                    }
                };
        int count = 30;
        try (CaptureWriter writer =
                pcapng ? new PcapngWriter(checked, "", "", "") : new PcapWriter(checked)) {
            int id = writer.addInterface("eth0", "", LinkType.ETHERNET, 0);
            for (int i = 0; i < count; i++) {
                // Of eight packets or fewer a write each, and the large one alone.
                byte[] data = new byte[i == 10 ? 262_144 : random.nextInt(30_000, 60_000)];
                writer.writePacket(id, i, data.length, data, 0, data.length, 0, null);
            }
        }

        assertThat(packetsAfterWrite).as("seed %d", seed).hasSizeGreaterThan(4).isSorted();
        assertThat(packetsAfterWrite.getLast()).isEqualTo(count);
    }

    @Test
    void doesNotGiveAStreamAgainWhatItRefused() throws IOException {
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int value) throws IOException {
                        throw new IOException("full");
                    }
                };
        CaptureWriter writer = new PcapngWriter(full, "", "", "");

        assertThatThrownBy(writer::flush).isInstanceOf(IOException.class);
        writer.close();
    }

    @Test
    void describesInterfacesAtAnyTime() throws IOException {
        try (CaptureWriter writer = pcapng()) {
            int first = writer.addInterface("eth0", "uplink, ü", LinkType.ETHERNET, 96);
            writer.writePacket(first, 1, 1, bytes("01"), 0, 1, 0, null);
            int second = writer.addInterface("", "", LinkType.LINUX_SLL2, 0);
            writer.writePacket(second, 2, 1, bytes("02"), 0, 1, 0, null);
            writer.writePacket(first, 3, 1, bytes("03"), 0, 1, 0, null);
        }

        try (CaptureFileReader reader = ReadPacket.open(out.toByteArray())) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.interfaceName()).isEqualTo("eth0");
            assertThat(reader.interfaceDescription()).isEqualTo("uplink, ü");
            assertThat(reader.snapLength()).isEqualTo(96);
            assertThat(reader.next()).isTrue();
            assertThat(reader.interfaceIndex()).isEqualTo(1);
            assertThat(reader.linkType()).isEqualTo(LinkType.LINUX_SLL2);
            assertThat(reader.next()).isTrue();
            assertThat(reader.interfaceIndex()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, EpbFlags.UNKNOWN_PACKET_TYPE})
    void keepsThePacketType(int packetType) throws IOException {
        try (CaptureWriter writer = pcapng()) {
            int id = writer.addInterface("", "", LinkType.ETHERNET, 0);
            int flags = EpbFlags.ofPacketType(packetType);
            writer.writePacket(id, 1, 1, bytes("01"), 0, 1, flags, "with a comment before");
        }

        try (CaptureFileReader reader = ReadPacket.open(out.toByteArray())) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.packetType()).isEqualTo(packetType);
        }
    }

    @Test
    void cutsTextThatAnOptionCanNotHoldBetweenCharacters() throws IOException {
        try (CaptureWriter writer = pcapng()) {
            int id = writer.addInterface("", "ü".repeat(40_000), LinkType.ETHERNET, 0);
            writer.writePacket(id, 1, 1, bytes("01"), 0, 1, 0, null);
        }

        try (CaptureFileReader reader = ReadPacket.open(out.toByteArray())) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.interfaceDescription()).isEqualTo("ü".repeat(32_767));
        }
    }

    @Test
    void refusesASecondLinkTypeInAPcapFile() throws IOException {
        try (CaptureWriter writer = new PcapWriter(out)) {
            writer.addInterface("eth0", "", LinkType.ETHERNET, 0);
            assertThat(writer.addInterface("eth1", "", LinkType.ETHERNET, 0)).isEqualTo(1);
            assertThatThrownBy(() -> writer.addInterface("tun0", "", LinkType.RAW, 0))
                    .isInstanceOf(CaptureFormatException.class)
                    .hasMessageContaining("ETHERNET")
                    .hasMessageContaining("interface tun0 with RAW; write pcapng");
        }
    }

    @Test
    void refusesTimestampsThatTheFormatCanNotHold() throws IOException {
        byte[] data = bytes("01");
        try (CaptureWriter pcap = new PcapWriter(out);
                CaptureWriter pcapng = pcapng()) {
            pcap.addInterface("", "", LinkType.ETHERNET, 0);
            pcapng.addInterface("", "", LinkType.ETHERNET, 0);
            for (long timestampNs : new long[] {-1, 4_294_967_296_000_000_000L}) {
                assertThatThrownBy(() -> pcap.writePacket(0, timestampNs, 1, data, 0, 1, 0, null))
                        .isInstanceOf(CaptureFormatException.class);
            }
            assertThatThrownBy(() -> pcapng.writePacket(0, -1, 1, data, 0, 1, 0, null))
                    .isInstanceOf(CaptureFormatException.class);
        }
    }

    @Test
    void makesAnEmptyFileReadable() throws IOException {
        new PcapWriter(out).close();
        assertThat(ReadPacket.all(out.toByteArray())).isEmpty();

        out.reset();
        pcapng().close();
        assertThat(ReadPacket.all(out.toByteArray())).isEmpty();
    }
}
