package dev.ringtail.demo;

import static dev.ringtail.testing.Frames.TCP;
import static dev.ringtail.testing.Frames.UDP;
import static dev.ringtail.testing.Frames.bytes;
import static dev.ringtail.testing.Frames.ethernet;
import static dev.ringtail.testing.Frames.ipv4;
import static dev.ringtail.testing.Frames.ipv6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.schema.SensorReport;
import dev.ringtail.sensor.Sensor;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// The export of a capture, against what tcpdump wrote of the same interface at the same time.
///
/// Timestamps must be equal to the nanosecond: the sensor has the kernel stamp packets when they
/// are received (SO_TIMESTAMPNS), and every tap then reads that one stamp.
@Privileged
@RequiresTool("tcpdump")
class CaptureAgainstTcpdumpIT {
    private static final int FRAME_KINDS_REPEATED = 20;

    @TempDir private Path folder;

    @Test
    void agreesWithTcpdumpByteForByteAndInTime() throws Exception {
        Path ours = folder.resolve("ours.pcapng");
        Path theirs = folder.resolve("tcpdump.pcap");
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < FRAME_KINDS_REPEATED; i++) {
            frames.addAll(everyKind());
        }
        try (CaptureLab lab = new CaptureLab(folder)) {
            Sensor sensor = lab.startSensor(c -> c.set("lanes", 1));
            Process tcpdump = startTcpdump(lab, theirs);
            lab.send(frames);
            stopTcpdump(tcpdump, theirs, frames.size());
            SensorReport report = CaptureLab.stopBalanced(sensor);
            assertThat(report.getLanes().getFirst().getAcknowledged().getPackets())
                    .isEqualTo(frames.size());

            assertThat(lab.consumer("export", "-w", ours.toString())).isZero();
            assertThat(lab.consumer("verify")).isZero();
        }

        assertThat(CaptureLab.read(ours)).isEqualTo(CaptureLab.read(theirs));
    }

    private static List<byte[]> everyKind() {
        byte[] jumbo = new byte[9000];
        new Random(1).nextBytes(jumbo);
        System.arraycopy(ethernet("0800", ipv4(17, 0, UDP)), 0, jumbo, 0, 42);
        return List.of(
                ethernet("0800", ipv4(6, 0, TCP)),
                ethernet("0800", ipv4(17, 0, UDP)),
                ethernet("0800", ipv4(1, 0, "0800 0000 0001 0001")),
                ethernet("86dd", ipv6(17, UDP)),
                ethernet("86dd", ipv6(58, "8000 0000 0001 0001")),
                ethernet("8100 a064 0800", ipv4(17, 0, UDP)),
                ethernet("88a8 0005 8100 0006 0800", ipv4(17, 0, UDP)),
                ethernet("8100 0000 0800", ipv4(17, 0, UDP)),
                ethernet("9100 0005 0800", ipv4(17, 0, UDP)),
                ethernet("0800", ipv4(17, 0x2000, UDP)),
                ethernet("0800", ipv4(17, 0x0002, "01020304")),
                ethernet("86dd", ipv6(44, "11 00 0001 00000001", UDP)),
                ethernet("88b5", "00".repeat(46)),
                ethernet("0806", "0001 0800 0604 0001 020000000001 0a000001 000000000000 0a000002"),
                bytes("ffffffffffff 020000000001 88b5 00"),
                bytes("01005e000001 020000000001 88b5 0000"),
                jumbo);
    }

    private static Process startTcpdump(CaptureLab lab, Path file) throws IOException {
        Path messages = file.resolveSibling("tcpdump.err");
        Process tcpdump =
                new ProcessBuilder(
                                lab.namespace.command(
                                        List.of(
                                                "tcpdump",
                                                "-i",
                                                "a1",
                                                "--time-stamp-precision=nano",
                                                "-U",
                                                "--immediate-mode",
                                                "-w",
                                                file.toString())))
                        .redirectError(messages.toFile())
                        .start();
        await().untilAsserted(
                        () -> assertThat(Files.readString(messages)).contains("listening on"));
        return tcpdump;
    }

    private static void stopTcpdump(Process tcpdump, Path file, int packets) throws Exception {
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(CaptureLab.read(file)).hasSize(packets));
        tcpdump.destroy();
        assertThat(tcpdump.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
}
