package dev.ringtail.pcap.file;

import static dev.ringtail.testing.Frames.TCP;
import static dev.ringtail.testing.Frames.UDP;
import static dev.ringtail.testing.Frames.ethernet;
import static dev.ringtail.testing.Frames.ipv4;
import static dev.ringtail.testing.Frames.ipv6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Files that go to and come from Wireshark's programs and tcpdump.
@RequiresTool({"tcpdump", "tshark", "editcap", "mergecap", "text2pcap", "capinfos", "gzip", "zstd"})
class CaptureToolsIT {
    private static final long FIRST_NS = 1_700_000_000_123_456_789L;

    private static final List<byte[]> FRAMES =
            List.of(
                    ethernet("0800", ipv4(17, 0, UDP)),
                    ethernet("8100 0064 0800", ipv4(6, 0, TCP)),
                    ethernet("86dd", ipv6(6, TCP + "55".repeat(9000))),
                    ethernet("0806 0001 0800 0604 0001", "00".repeat(20)));

    @TempDir Path folder;
    private Path original;
    private final List<ReadPacket> packets = new ArrayList<>();

    @BeforeEach
    void writeOriginal() throws IOException {
        original = folder.resolve("original.pcapng");
        try (CaptureWriter writer =
                new PcapngWriter(Files.newOutputStream(original), "cpu", "os", "ringtail")) {
            int id =
                    writer.addInterface(
                            "eth0", "the uplink", "not port 22", LinkType.ETHERNET, 65535);
            for (byte[] frame : FRAMES) {
                long timestampNs = FIRST_NS + packets.size() * 1_000_000_007L;
                long originalLength = frame.length + packets.size() * 10L;
                writer.writePacket(
                        id, timestampNs, originalLength, frame, 0, frame.length, 2, "packet");
                String hex = HexFormat.of().formatHex(frame);
                packets.add(new ReadPacket(0, 1, timestampNs, originalLength, hex));
            }
            writer.writeStatistics(id, FIRST_NS, 4, 3, 2, List.of("first", "second"));
        }
    }

    private List<ReadPacket> read(Path file) throws IOException {
        try (CaptureFileReader reader = CaptureFileReader.open(file)) {
            return ReadPacket.all(reader);
        }
    }

    private List<ReadPacket> packetsInMicroseconds() {
        return packets.stream()
                .map(
                        p ->
                                new ReadPacket(
                                        0,
                                        p.linkType(),
                                        p.timestampNs() / 1000 * 1000,
                                        p.originalLength(),
                                        p.dataHex()))
                .toList();
    }

    @Test
    void capinfosReadsTheCaptureFilter() throws IOException {
        Path filtered = folder.resolve("filtered.pcapng");
        long length;
        try (PcapngWriter writer =
                new PcapngWriter(Files.newOutputStream(filtered), "", "", "ringtail")) {
            writer.addInterface("eth0", "", "tcp port 443", LinkType.ETHERNET, 65535);
            length = writer.length();
        }

        assertThat(Tools.run("capinfos", "-I", filtered.toString()).orFail().stdout())
                .contains("Filter string = tcp port 443");
        assertThat(filtered).hasSize(length);
    }

    @ParameterizedTest
    @CsvSource({
        "nsecpcap,true",
        "pcapng,true",
        "pcap,false",
        "modpcap,false",
        "rh6_1pcap,false",
        "suse6_3pcap,false",
        "nokiapcap,false"
    })
    void readsWhatEditcapWrites(String format, boolean nanoseconds) throws IOException {
        Path converted = folder.resolve("converted");
        Tools.run("editcap", "-F", format, original.toString(), converted.toString()).orFail();

        assertThat(read(converted)).isEqualTo(nanoseconds ? packets : packetsInMicroseconds());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"snoop", "btsnoop", "netmon1", "netmon2", "5views", "visual", "observer"})
    void namesTheFormatsOfOthersThatEditcapWrites(String format) {
        Path converted = folder.resolve("converted");
        List<String> command = new ArrayList<>(List.of("editcap", "-F", format));
        if (format.equals("btsnoop")) {
            command.addAll(List.of("-T", "bluetooth-h4-linux"));
        }
        command.addAll(List.of(original.toString(), converted.toString()));
        Tools.run(command).orFail();

        assertThatThrownBy(() -> CaptureFileReader.open(converted))
                .isInstanceOf(CaptureFormatException.class)
                .hasMessageContaining(" capture, to be converted first with editcap");
    }

    @ParameterizedTest
    @CsvSource({"nano,true", "micro,false"})
    void readsWhatTcpdumpWrites(String precision, boolean nanoseconds) throws IOException {
        Path rewritten = folder.resolve("rewritten");
        Tools.run(
                        "tcpdump",
                        "-r",
                        original.toString(),
                        "--time-stamp-precision=" + precision,
                        "-w",
                        rewritten.toString())
                .orFail();

        assertThat(read(rewritten)).isEqualTo(nanoseconds ? packets : packetsInMicroseconds());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip -9", "gzip --rsyncable", "zstd --ultra -22", "zstd --fast=5"})
    void readsWhatCompressorsWrite(String command) throws IOException {
        Path copy = Files.copy(original, folder.resolve("copy"));
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.addAll(List.of("--quiet", copy.toString()));
        Tools.run(words).orFail();

        Path compressed = folder.resolve(command.startsWith("gzip") ? "copy.gz" : "copy.zst");
        assertThat(read(compressed)).isEqualTo(packets);
    }

    @Test
    void readsWhatText2pcapWrites() throws IOException {
        Path text = folder.resolve("dump.txt");
        Files.writeString(text, "000000 01 02 03 04 05\n");
        for (String format : List.of("pcap", "pcapng", "nsecpcap")) {
            Path made = folder.resolve("made." + format);
            Tools.run("text2pcap", "-l", "147", "-F", format, text.toString(), made.toString())
                    .orFail();

            assertThat(read(made))
                    .singleElement()
                    .satisfies(
                            packet -> {
                                assertThat(packet.linkType()).isEqualTo(147);
                                assertThat(packet.dataHex()).isEqualTo("0102030405");
                            });
        }
    }

    @Test
    void readsTheInterfacesThatMergecapKeeps() throws IOException {
        Path raw = folder.resolve("raw.pcap");
        byte[] frame = {0x45, 0};
        try (CaptureWriter writer = new PcapWriter(Files.newOutputStream(raw))) {
            int id = writer.addInterface("", "", LinkType.RAW, 0);
            writer.writePacket(id, FIRST_NS - 1, 20, frame, 0, frame.length, 0, null);
        }
        Path merged = folder.resolve("merged.pcapng");
        Tools.run("mergecap", "-w", merged.toString(), original.toString(), raw.toString())
                .orFail();

        try (CaptureFileReader reader = CaptureFileReader.open(merged)) {
            List<Integer> linkTypes = new ArrayList<>();
            List<Long> timestampsNs = new ArrayList<>();
            while (reader.next()) {
                linkTypes.add(reader.linkType());
                timestampsNs.add(reader.timestampNs());
            }
            assertThat(linkTypes).containsExactly(101, 1, 1, 1, 1);
            assertThat(timestampsNs).startsWith(FIRST_NS - 1, FIRST_NS);
        }
    }

    private static List<String> tsharkFields(Path file) {
        List<String> command = new ArrayList<>(List.of("tshark", "-r", file.toString()));
        command.addAll(List.of("-T", "fields"));
        for (String field :
                List.of(
                        "frame.time_epoch",
                        "frame.cap_len",
                        "frame.len",
                        "frame.interface_name",
                        "frame.interface_description",
                        "frame.packet_flags_direction",
                        "frame.comment")) {
            command.addAll(List.of("-e", field));
        }
        return command;
    }

    @Test
    void tsharkReadsWhatIsWritten() {
        String fields = Tools.run(tsharkFields(original)).orFail().stdout();

        List<String> expected =
                packets.stream()
                        .map(
                                p ->
                                        "%d.%09d\t%d\t%d\teth0\tthe uplink\t0x00000002\tpacket"
                                                .formatted(
                                                        p.timestampNs() / 1_000_000_000,
                                                        p.timestampNs() % 1_000_000_000,
                                                        p.dataHex().length() / 2,
                                                        p.originalLength()))
                        .toList();
        assertThat(fields.lines()).containsExactlyElementsOf(expected);
    }

    @Test
    void capinfosReadsWhatIsWritten() {
        String report = Tools.run("capinfos", original.toString()).orFail().stdout();

        assertThat(report)
                .contains("Number of packets:   4")
                .contains("nanoseconds (9)")
                .contains("Capture hardware:    cpu")
                .contains("Capture oper-sys:    os")
                .contains("Capture application: ringtail")
                .contains("Name = eth0")
                .contains("Filter string = not port 22")
                .contains("Number of stat entries = 1");
    }

    @Test
    void tsharkSeesTheCommentsOnStatistics() {
        String blocks =
                Tools.run(
                                "tshark",
                                "-r",
                                original.toString(),
                                "-X",
                                "read_format:MIME Files Format",
                                "-T",
                                "fields",
                                "-e",
                                "pcapng.options.option.data.comment")
                        .orFail()
                        .stdout();

        assertThat(blocks).contains("first,second");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tcpdumpReadsWhatIsWritten(boolean pcapng) throws IOException {
        Path file = pcapng ? original : folder.resolve("written.pcap");
        if (!pcapng) {
            try (CaptureWriter writer = new PcapWriter(Files.newOutputStream(file))) {
                int id = writer.addInterface("", "", LinkType.ETHERNET, 0);
                for (ReadPacket packet : packets) {
                    byte[] data = HexFormat.of().parseHex(packet.dataHex());
                    writer.writePacket(
                            id,
                            packet.timestampNs(),
                            packet.originalLength(),
                            data,
                            0,
                            data.length,
                            0,
                            null);
                }
            }
        }
        Path rewritten = folder.resolve("rewritten.pcap");
        Tools.run(
                        "tcpdump",
                        "-r",
                        file.toString(),
                        "--time-stamp-precision=nano",
                        "-w",
                        rewritten.toString())
                .orFail();

        assertThat(read(rewritten)).isEqualTo(packets);
    }
}
