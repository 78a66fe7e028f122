package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.sensor.Sensor;
import dev.ringtail.testing.NetworkNamespace;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// A TCP connection between two namespaces over a veth pair, whose segmentation offload makes
/// super-frames: exported as captured, and cut.
@Privileged
@RequiresTool("tshark")
class ResegmentIT {
    private static final int TRANSFER_BYTES = 3_000_000;

    /// What an Ethernet frame of MTU 1500 has at most.
    private static final int FRAME_BYTES = 1514;

    @TempDir private Path folder;

    /// @param gsoMaxSize over 65536 it is BIG TCP, which Linux has for IPv6 since 5.19
    @ParameterizedTest
    @CsvSource({"10.9.0.1, 10.9.0.2, 65536", "fd09::1, fd09::2, 65536", "fd09::1, fd09::2, 150000"})
    void cutsWhatTheOffloadLeftWhole(String local, String remote, int gsoMaxSize) throws Exception {
        byte[] data = new byte[TRANSFER_BYTES];
        new SplittableRandom(1).nextBytes(data);
        Path captured = folder.resolve("captured.pcapng");
        Path cut = folder.resolve("cut.pcapng");
        CaptureLab.run(
                folder,
                lab -> {
                    try (NetworkNamespace peer = NetworkNamespace.create();
                            TcpPeers tcp =
                                    TcpPeers.connect(
                                            lab.namespace, peer, local, remote, gsoMaxSize)) {
                        Sensor sensor = lab.startSensor(c -> c.set("interfaces", List.of("b0")));
                        tcp.send(data);
                        CaptureLab.stopBalanced(sensor);
                    }
                    assertThat(lab.consumer("export", "-w", captured.toString())).isZero();
                    assertThat(lab.consumer("export", "--resegment", "-w", cut.toString()))
                            .isZero();
                });

        assertThat(fields(captured, "frame.len", ""))
                .anyMatch(length -> Integer.parseInt(length) > gsoMaxSize / 2);
        assertThat(fields(captured, "tcp.checksum.status", "tcp")).contains("0");
        assertThat(stream(captured)).isEqualTo(HexFormat.of().formatHex(data));

        assertThat(fields(cut, "frame.len", "tcp"))
                .hasSizeGreaterThan(TRANSFER_BYTES / FRAME_BYTES)
                .allMatch(length -> Integer.parseInt(length) <= FRAME_BYTES);
        assertThat(fields(cut, "tcp.checksum.status", "tcp")).containsOnly("1");
        assertThat(fields(cut, "ip.checksum.status", "ip")).allMatch("1"::equals);
        assertThat(fields(cut, "_ws.malformed", "_ws.malformed")).isEmpty();
        assertThat(stream(cut)).isEqualTo(HexFormat.of().formatHex(data));
    }

    /// What tshark shows of a field in each frame that matches; it checks the checksums.
    private static List<String> fields(Path file, String field, String filter) {
        return Tools.run(
                        "tshark",
                        "-n",
                        "-r",
                        file.toString(),
                        "-o",
                        "ip.check_checksum:TRUE",
                        "-o",
                        "tcp.check_checksum:TRUE",
                        "-Y",
                        filter,
                        "-T",
                        "fields",
                        "-e",
                        field)
                .orFail()
                .stdout()
                .lines()
                .toList();
    }

    /// The bytes of the file's one TCP connection in hexadecimal digits.
    private static String stream(Path file) {
        return Tools.run("tshark", "-n", "-r", file.toString(), "-q", "-z", "follow,tcp,raw,0")
                .orFail()
                .stdout()
                .lines()
                .filter(line -> line.matches("[0-9a-f]+"))
                .collect(Collectors.joining());
    }
}
