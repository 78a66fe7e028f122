package dev.ringtail.demo;

import static dev.ringtail.testing.Frames.TCP;
import static dev.ringtail.testing.Frames.UDP;
import static dev.ringtail.testing.Frames.ethernet;
import static dev.ringtail.testing.Frames.ipv4;
import static dev.ringtail.testing.Frames.ipv6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ringtail.sensor.linux.FrameSender;
import dev.ringtail.sensor.linux.InNamespace;
import dev.ringtail.testing.NetworkNamespace;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// `ringtail sensor -w` as a user starts it, on a veth in a namespace without any Kafka, and its
/// files in the hands of programs that we did not write.
@Privileged
@RequiresTool({"tcpdump", "tshark", "capinfos", "mergecap"})
class RecordIT {
    private static final String LAUNCHER =
            Path.of("..", "ringtail").toAbsolutePath().normalize().toString();
    private static final int FRAME_COUNT = 6000;

    /// Where the source port is in each kind of frame.
    private static final int[] SOURCE_PORT = {34, 34, 54, 38};

    private static final int PATIENCE_SECONDS = 60;

    @TempDir private Path folder;
    private NetworkNamespace namespace;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void makeNamespace() {
        namespace = NetworkNamespace.create();
        namespace.run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
        namespace.run("ip link add a0 mtu 9000 type veth peer name a1");
        namespace.run("ip link set a1 mtu 9000");
        namespace.run("ip link set a0 up");
        namespace.run("ip link set a1 up");
    }

    @AfterEach
    void deleteNamespace() {
        started.forEach(Process::destroyForcibly);
        started.forEach(p -> p.onExit().join());
        namespace.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void agreesWithTcpdumpPacketForPacketAndInOrder(int lanes) throws Exception {
        Path ours = folder.resolve("ours.pcapng");
        Path theirs = folder.resolve("tcpdump.pcap");
        Process sensor = sensor("-w", ours.toString(), "--lanes", Integer.toString(lanes));
        awaitCapture(sensor);
        Process tcpdump =
                start(
                        folder.resolve("tcpdump.err"),
                        List.of(
                                "tcpdump",
                                "-i",
                                "a1",
                                "--time-stamp-precision=nano",
                                "-U",
                                "-B",
                                "65536",
                                "-w",
                                theirs.toString()));
        await().untilAsserted(
                        () ->
                                assertThat(Files.readString(folder.resolve("tcpdump.err")))
                                        .contains("listening on"));
        send(frames());
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(CaptureLab.read(theirs)).hasSize(FRAME_COUNT));
        tcpdump.destroy();
        interrupt(sensor, 0);

        assertThat(CaptureLab.read(ours)).isEqualTo(CaptureLab.read(theirs));
        assertThat(ledger().get("balanced").booleanValue()).isTrue();
        assertThat(ledger().get("total").get("acknowledged").longValue()).isEqualTo(FRAME_COUNT);
        assertThat(ledger().get("lanes"))
                .hasSize(lanes)
                .allSatisfy(l -> assertThat(l.get("acknowledged").longValue()).isPositive());
        assertThat(capinfos(ours))
                .contains(
                        "Name = a1",
                        "Time resolution = 0x09",
                        "Number of stat entries = 1",
                        "Number of packets = " + FRAME_COUNT);
    }

    @Test
    void rotatedFilesAreWholeAndTogetherHoldEveryPacketOnce() throws Exception {
        Path single = folder.resolve("tcpdump.pcap");
        Process sensor =
                sensor("-w", folder.resolve("ring.pcapng").toString(), "--rotate-size", "256KiB");
        awaitCapture(sensor);
        List<byte[]> frames = frames();
        send(frames);
        interrupt(sensor, 0);

        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files =
                    all.filter(f -> f.getFileName().toString().startsWith("ring_"))
                            .sorted()
                            .toList();
        }
        assertThat(files).hasSizeGreaterThan(1);
        files.forEach(f -> assertThat(capinfos(f)).contains("Number of stat entries = 1"));
        List<String> merge = new ArrayList<>(List.of("mergecap", "-a", "-w", single.toString()));
        files.forEach(f -> merge.add(f.toString()));
        Tools.run(merge).orFail();
        assertThat(CaptureLab.read(single))
                .extracting(FilePacket::data)
                .isEqualTo(frames.stream().map(HexFormat.of()::formatHex).toList());
        assertThat(ledger().get("total").get("acknowledged").longValue()).isEqualTo(FRAME_COUNT);
    }

    @Test
    void endsWithAWholeFileAndABalancedLedgerWhenTheDiskIsFull() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Tools.run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()).orFail();
        try {
            Path file = disk.resolve("full.pcapng");
            Process sensor = sensor("-w", file.toString());
            awaitCapture(sensor);
            send(frames());
            assertThat(sensor.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

            assertThat(sensor.exitValue()).isEqualTo(1);
            assertThat(talk())
                    .contains("ringtail sensor: can't write " + file)
                    .contains("No space left on device");
            JsonNode total = ledger().get("total");
            long written = total.get("acknowledged").longValue();
            assertThat(written).isPositive().isEqualTo(CaptureLab.read(file).size());
            assertThat(total.get("rejected").get("ENOSPC").longValue())
                    .isPositive()
                    .isEqualTo(total.get("published").longValue() - written);
            assertThat(ledger().get("balanced").booleanValue()).isTrue();
            Tools.Result tshark = Tools.run("tshark", "-r", file.toString()).orFail();
            assertThat(tshark.stdout().lines()).hasSize((int) written);
            assertThat(tshark.stderr()).doesNotContain("cut short", "damaged");
        } finally {
            Tools.run("umount", disk.toString()).orFail();
        }
    }

    @Test
    void pipesLiveIntoTshark() throws Exception {
        Path out = folder.resolve("tshark.out");
        Path pid = folder.resolve("sensor.pid");
        Process pipe =
                start(
                        talkFile(),
                        List.of(
                                "sh",
                                "-c",
                                "{ sh -c 'echo $$ >%s; exec %s sensor -i a1 -w - --summary %s'; echo exit $? >&2; } | tshark -l -r - >%s"
                                        .formatted(pid, LAUNCHER, summaryFile(), out)));
        awaitCapture(pipe);
        List<byte[]> frames = frames().subList(0, 50);
        send(frames);
        // They are there while the capture goes on.
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(Files.readAllLines(out)).hasSize(frames.size()));
        Tools.run("kill", "-INT", Files.readString(pid).strip()).orFail();
        assertThat(pipe.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

        assertThat(talk()).contains("kernelPackets", "balanced", "exit 0");
        assertThat(ledger().get("total").get("acknowledged").longValue()).isEqualTo(frames.size());
    }

    @Test
    void refusesWhatCanNotBeWrittenBeforeAnythingIsCaptured() throws Exception {
        Process nowhere = sensor("-w", folder.resolve("no/such/x.pcapng").toString());
        assertThat(nowhere.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(nowhere.exitValue()).isEqualTo(2);
        assertThat(talk()).contains("record.file: ", "no such folder").doesNotContain("capturing");

        Process both = sensor("-w", "x.pcapng", "--bootstrap-server", "127.0.0.1:1");
        assertThat(both.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(both.exitValue()).isEqualTo(2);
        assertThat(talk()).contains("into a file or into Kafka, not both");
    }

    /// Frames of many flows and sizes, each with its number in it.
    private static List<byte[]> frames() {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < FRAME_COUNT; i++) {
            byte[] frame =
                    switch (i % 4) {
                        case 0 -> ethernet("0800", ipv4(17, 0, UDP));
                        case 1 -> ethernet("0800", ipv4(6, 0, TCP));
                        case 2 -> ethernet("86dd", ipv6(17, UDP));
                        default -> ethernet("8100 a064 0800", ipv4(17, 0, UDP));
                    };
            int length = frame.length + Integer.BYTES;
            frame = Arrays.copyOf(frame, length + i % 1000);
            ByteBuffer.wrap(frame)
                    .putShort(SOURCE_PORT[i % SOURCE_PORT.length], (short) (1024 + i % 500))
                    .putInt(length - Integer.BYTES, i);
            frames.add(frame);
        }
        return frames;
    }

    private void send(List<byte[]> frames) throws Exception {
        InNamespace.call(
                namespace,
                () -> {
                    try (FrameSender sender = new FrameSender("a0")) {
                        frames.forEach(sender::send);
                    }
                    return null;
                });
    }

    private Process sensor(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                LAUNCHER,
                                "sensor",
                                "-i",
                                "a1",
                                "--summary",
                                summaryFile().toString()));
        command.addAll(List.of(arguments));
        return start(talkFile(), command);
    }

    private Process start(Path stderr, List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(namespace.command(command))
                        .redirectError(stderr.toFile())
                        .redirectOutput(folder.resolve("stdout").toFile())
                        .start();
        started.add(process);
        return process;
    }

    private void awaitCapture(Process sensor) {
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .until(() -> talk().contains(", session ") || !sensor.isAlive());
        assertThat(sensor.isAlive()).as("%s", sensor).isTrue();
    }

    /// SIGINT, as Ctrl-C sends it.
    private void interrupt(Process sensor, int exit) throws Exception {
        Tools.run("kill", "-INT", Long.toString(sensor.pid())).orFail();
        assertThat(sensor.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(sensor.exitValue()).as(talk()).isEqualTo(exit);
    }

    private String capinfos(Path file) {
        return Tools.run("capinfos", file.toString()).orFail().stdout();
    }

    private Path talkFile() {
        return folder.resolve("talk");
    }

    private String talk() throws IOException {
        return Files.readString(talkFile());
    }

    private Path summaryFile() {
        return folder.resolve("summary.json");
    }

    private JsonNode ledger() throws IOException {
        return new ObjectMapper().readTree(Files.readString(summaryFile()));
    }
}
