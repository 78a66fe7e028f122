package dev.ringtail.pcap.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.file.PcapWriter;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/// Segments as tshark sees them: good checksums, and the payload of the super-frames in order.
@RequiresTool("tshark")
class TcpSegmenterIT {
    private static final int FRAMES = 30;
    private static final int MTU = 1500;

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {LinkType.ETHERNET, LinkType.LINUX_SLL, LinkType.LINUX_SLL2, LinkType.RAW})
    void makesSegmentsThatTsharkFindsNoFaultWith(int linkType) throws IOException {
        long seed = System.nanoTime();
        SuperFrames frames = new SuperFrames(new SplittableRandom(seed));
        TcpSegmenter segmenter = new TcpSegmenter(MTU);
        TransportPacket packet = new TransportPacket();
        StringBuilder payload = new StringBuilder();
        Path file = folder.resolve("segments.pcap");
        try (PcapWriter writer = new PcapWriter(Files.newOutputStream(file))) {
            int id = writer.addInterface("", "", linkType, 0);
            for (int i = 0; i < FRAMES; i++) {
                byte[] frame = frames.next(linkType);
                if (!segmenter.begin(frame, 0, frame.length, linkType)) {
                    continue;
                }
                packet.read(MemorySegment.ofArray(frame), frame.length, linkType);
                payload.append(HexFormat.of().formatHex(frame, packet.payloadAt(), packet.end()));
                while (segmenter.next()) {
                    int length = segmenter.length();
                    writer.writePacket(id, 0, length, segmenter.array(), 0, length, 0, null);
                }
            }
        }

        List<String> seen = tshark(file);

        assertThat(seen).as("seed %d", seed).hasSizeGreaterThan(FRAMES);
        assertThat(seen)
                .as("seed %d", seed)
                .allSatisfy(line -> assertThat(line).matches("(1|)\t1\t.+"));
        assertThat(String.join("", seen.stream().map(line -> line.split("\t")[2]).toList()))
                .as("seed %d", seed)
                .isEqualTo(payload.toString());
    }

    /// Status of the IP and the TCP checksum (1 is good; IPv6 has none), and the payload.
    private static List<String> tshark(Path file) {
        return Tools.run(
                        "tshark",
                        "-n",
                        "-r",
                        file.toString(),
                        "-o",
                        "ip.check_checksum:TRUE",
                        "-o",
                        "tcp.check_checksum:TRUE",
                        "-o",
                        "tcp.desegment_tcp_streams:FALSE",
                        "-T",
                        "fields",
                        "-e",
                        "ip.checksum.status",
                        "-e",
                        "tcp.checksum.status",
                        "-e",
                        "tcp.payload")
                .orFail()
                .stdout()
                .lines()
                .toList();
    }
}
