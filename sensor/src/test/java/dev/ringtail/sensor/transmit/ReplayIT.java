package dev.ringtail.sensor.transmit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.file.CaptureWriter;
import dev.ringtail.pcap.file.PcapWriter;
import dev.ringtail.testing.Frames;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/// `replay` onto a veth whose other end tcpdump captures.
@Privileged
@RequiresTool("tcpdump")
@Timeout(120)
class ReplayIT {
    private static final long START_NS = 1_790_000_000_000_000_000L;
    private static final long INTERVAL_NS = 20_000;

    @TempDir private Path folder;

    private final TransmitLab lab = new TransmitLab();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void sendsFramesOfEveryKindAsTheyAre() throws Exception {
        List<byte[]> frames =
                Collections.nCopies(20, TransmitFrames.everyKind()).stream()
                        .flatMap(List::stream)
                        .toList();
        TransmitLab.Outcome outcome = replayed(frames, write(frames), "-i", "a0", "--rate", "max");

        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.out()).containsPattern("read +220").containsPattern("sent +220");
    }

    @Test
    @RequiresTool("editcap")
    void keepsTheOrderAtTheRecordedPaceOfAPcapngFile() throws Exception {
        List<byte[]> frames = TransmitFrames.random(500, 1514, new Random(5));
        Path pcapng = folder.resolve("in.pcapng");
        Tools.run("editcap", "-F", "pcapng", write(frames).toString(), pcapng.toString()).orFail();

        TransmitLab.Outcome outcome = replayed(frames, pcapng, "-i", "a0", "--speed", "2");

        assertThat(outcome.exit()).as(outcome.err()).isZero();
    }

    @Test
    void sendsWhatTheFilterAcceptsAsOftenAsAskedUpToACount() throws Exception {
        List<byte[]> kinds = TransmitFrames.everyKind();
        List<byte[]> udp = List.of(kinds.get(1), kinds.get(7));
        List<byte[]> expected = new ArrayList<>(udp);
        expected.addAll(udp);
        expected.add(udp.getFirst());

        TransmitLab.Outcome outcome =
                replayed(
                        expected,
                        write(kinds),
                        "-i",
                        "a0",
                        "--rate",
                        "50000",
                        "--loop",
                        "0",
                        "-c",
                        "5",
                        "-f",
                        "ip proto 17");

        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.out()).containsPattern("read +24").containsPattern("filteredOut +19");
    }

    @Test
    void sendsWhatIsReadableOfATruncatedFileAndNamesThePlace() throws Exception {
        List<byte[]> frames = TransmitFrames.random(10, 100, new Random(6));
        Path file = write(frames);
        byte[] content = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(content, content.length - 3));

        TransmitLab.Outcome outcome =
                replayed(frames.subList(0, 9), file, "-i", "a0", "--rate", "max");

        assertThat(outcome.exit()).isOne();
        assertThat(outcome.out()).containsPattern("sent +9");
        assertThat(outcome.err())
                .contains(
                        "ringtail replay: %s, byte %d: the file ends within"
                                .formatted(file, content.length - 3));
    }

    @Test
    void countsWhatTheInterfaceDoesNotTake() throws Exception {
        List<byte[]> good = TransmitFrames.random(3, 1514, new Random(7));
        List<byte[]> all = new ArrayList<>(good);
        all.add(1, TransmitFrames.numbered(98, 1515, new Random(8)));
        all.add(2, new byte[13]);

        TransmitLab.Outcome outcome = replayed(good, write(all), "-i", "a0", "--rate", "max");

        assertThat(outcome.exit()).isOne();
        assertThat(outcome.out())
                .containsPattern("read +5")
                .containsPattern("sent +3")
                .containsPattern("notSent tooLong +1 +1,515\n")
                .containsPattern("notSent tooShort +1 +13\n");
    }

    @Test
    void sendsCutFramesAsFarAsTheyGoAndSaysSo() throws Exception {
        List<byte[]> frames = TransmitFrames.random(4, 100, new Random(9));
        Path file = folder.resolve("cut.pcap");
        write(file, frames, LinkType.ETHERNET, 500);

        TransmitLab.Outcome outcome = replayed(frames, file, "-i", "a0", "--rate", "max");

        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).containsPattern("cut +4");
        assertThat(outcome.err()).contains("4 packets were cut when they were captured");
    }

    @Test
    void endsInOrderWhenItIsInterrupted() throws Exception {
        // Without an end of its own, that is how it ends; before its end, it is not.
        interrupt("0", 0, "");
        interrupt("1000", 1, "stopped before the end");
    }

    private void interrupt(String loops, int exit, String told) throws Exception {
        List<byte[]> frames = TransmitFrames.random(10, 100, new Random(10));
        Path file = write(frames);
        AtomicInteger questions = new AtomicInteger();
        ReplayCommand command = new ReplayCommand(() -> questions.incrementAndGet() > 35);
        try (Tcpdump witness = Tcpdump.start(lab.namespace, "a1", folder)) {
            TransmitLab.Outcome outcome =
                    lab.call(
                            () ->
                                    TransmitLab.execute(
                                            new CommandLine(command),
                                            file.toString(),
                                            "-i",
                                            "a0",
                                            "--loop",
                                            loops,
                                            "--rate",
                                            "max"));

            assertThat(outcome.exit()).isEqualTo(exit);
            assertThat(outcome.err()).contains(told);
            int sent = witness.await(30).size();
            assertThat(outcome.out())
                    .containsPattern("read +" + sent)
                    .containsPattern("sent +" + sent);
        }
    }

    @Test
    void sendsPacketsWithoutLinkHeaderOutOfATun() throws Exception {
        List<byte[]> packets =
                List.of(
                        Frames.bytes(Frames.ipv4(17, 0, Frames.UDP)),
                        Frames.bytes(Frames.ipv6(17, Frames.UDP)),
                        new byte[1501]);
        Path file = folder.resolve("raw.pcap");
        write(file, packets, LinkType.RAW, 0);
        try (Tun tun = lab.call(() -> new Tun("t0"))) {
            lab.namespace.run("ip link set t0 up");

            TransmitLab.Outcome outcome = lab.run("replay", file.toString(), "-i", "t0");

            assertThat(outcome.exit()).as(outcome.err()).isOne();
            assertThat(outcome.out())
                    .containsPattern("sent +2")
                    .containsPattern("notSent tooLong +1");
            assertThat(tun.read())
                    .usingElementComparator(TransmitFrames.BYTES)
                    .isEqualTo(packets.subList(0, 2));
        }
    }

    @Test
    void refusesAFileWhoseFramesDoNotSuitTheInterface() throws Exception {
        Path file = folder.resolve("raw.pcap");
        write(file, List.of(new byte[40]), LinkType.RAW, 40);

        TransmitLab.Outcome outcome = lab.run("replay", file.toString(), "-i", "a0");

        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err())
                .contains(
                        "ringtail replay: %s: its frames have link type RAW, and the interface takes ETHERNET"
                                .formatted(file));
    }

    @Test
    void saysWhatIsWrongWithTheArguments() throws Exception {
        Path file = write(TransmitFrames.everyKind());
        lab.namespace.run("ip link set b0 down");

        TransmitLab.Outcome none = lab.run("replay", file.toString(), "-i", "nope0");
        TransmitLab.Outcome down = lab.run("replay", file.toString(), "-i", "b0");
        TransmitLab.Outcome noFile = lab.run("replay", "/no/such.pcap", "-i", "a0");
        TransmitLab.Outcome rate = lab.run("replay", file.toString(), "-i", "a0", "--rate", "fast");
        TransmitLab.Outcome both =
                lab.run("replay", file.toString(), "-i", "a0", "--rate", "1", "--speed", "1");

        assertThat(none.exit()).isEqualTo(2);
        assertThat(none.err()).contains("interface nope0: ENODEV");
        assertThat(down.exit()).isOne();
        assertThat(down.err()).contains("b0: ENETDOWN (network is down); bring it up: ip link set");
        assertThat(noFile.exit()).isOne();
        assertThat(noFile.err()).contains("Can't read /no/such.pcap: no such file");
        assertThat(rate.exit()).isEqualTo(2);
        assertThat(rate.err()).contains("'--rate': 'fast' is not 1 to 1000000000 packets");
        assertThat(both.exit()).isEqualTo(2);
        assertThat(both.err()).contains("mutually exclusive");
    }

    /// Replays a file from `a0` and holds what arrives at `a1` against what is expected.
    private TransmitLab.Outcome replayed(List<byte[]> expected, Path file, String... options)
            throws Exception {
        List<String> arguments = new ArrayList<>(List.of("replay", file.toString()));
        arguments.addAll(List.of(options));
        try (Tcpdump witness = Tcpdump.start(lab.namespace, "a1", folder)) {
            TransmitLab.Outcome outcome = lab.run(arguments.toArray(String[]::new));
            assertThat(witness.await(expected.size()))
                    .as(outcome.err())
                    .usingElementComparator(TransmitFrames.BYTES)
                    .isEqualTo(expected);
            return outcome;
        }
    }

    private Path write(List<byte[]> frames) throws IOException {
        Path file = folder.resolve("in.pcap");
        write(file, frames, LinkType.ETHERNET, 0);
        return file;
    }

    private static void write(Path file, List<byte[]> frames, int linkType, int originalLength)
            throws IOException {
        try (CaptureWriter writer = new PcapWriter(Files.newOutputStream(file))) {
            writer.addInterface("", "", linkType, 0);
            long timestampNs = START_NS;
            for (byte[] frame : frames) {
                int length = Math.max(frame.length, originalLength);
                writer.writePacket(0, timestampNs, length, frame, 0, frame.length, 0, null);
                timestampNs += INTERVAL_NS;
            }
        }
    }
}
