package dev.ringtail.pcap.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Capture files that others made, those of Debian's golang-github-google-gopacket-dev: compressed,
/// and cut off, where Wireshark's capinfos says how many packets are left.
@RequiresTool({"capinfos", "tshark", "gzip", "zstd"})
class SampleCapturesIT {
    private static final Path SAMPLES = Path.of("/usr/share/gocode/src/github.com/google/gopacket");
    private static final Pattern COUNT =
            Pattern.compile("(?s)File type: [^\n]*pcap.*Number of packets: +(\\d+)");
    private static final Pattern COUNT_BEFORE_FAULT =
            Pattern.compile("after reading (\\d+) packets");

    /// Cuts of all samples together; each takes a run of capinfos.
    private static final int CUT_COUNT = 150;

    @TempDir private static Path folder;
    private static List<Path> samples = List.of();

    @BeforeAll
    static void findSamples() throws IOException {
        boolean there = Files.isDirectory(SAMPLES);
        if (System.getProperty("require", "").contains("privileged")) {
            assertThat(there).as("install golang-github-google-gopacket-dev").isTrue();
        }
        assumeTrue(there, "golang-github-google-gopacket-dev is not installed");
        try (Stream<Path> files = Files.walk(SAMPLES)) {
            samples =
                    files.filter(f -> f.toString().matches(".*\\.(pcap|pcapng|cap)"))
                            .sorted()
                            .toList();
        }
        assertThat(samples).hasSizeGreaterThan(50);
    }

    @Test
    void compressedSamplesAreTheSame() throws IOException {
        for (Path sample : samples) {
            Reading expected = Reading.of(sample);
            for (String program : List.of("gzip", "zstd")) {
                Path copy = folder.resolve("copy");
                Files.copy(sample, copy, StandardCopyOption.REPLACE_EXISTING);
                String suffix = program.equals("gzip") ? ".gz" : ".zst";
                Tools.run(program, "--quiet", "--force", copy.toString()).orFail();

                Reading compressed = Reading.of(folder.resolve("copy" + suffix));

                assertThat(compressed.packets()).as("%s", sample).isEqualTo(expected.packets());
                assertThat(compressed.place()).as("%s", sample).isEqualTo(expected.place());
            }
        }
    }

    @Test
    void samplesHaveTheTimesAndLengthsThatTsharkFinds() throws IOException {
        for (Path sample : samples) {
            if (sample.toString().contains("/le/")) {
                continue; // The same as those of the other byte order.
            }
            List<String> expected =
                    Tools.run(tsharkFields(sample))
                            .stdout()
                            .lines()
                            // It has no time for a simple packet block, we have 0.
                            .map(line -> line.startsWith(" ") ? "0.000000000" + line : line)
                            .toList();

            List<String> read =
                    Reading.of(sample).packets().stream()
                            .map(
                                    p ->
                                            "%s %d %d"
                                                    .formatted(
                                                            epoch(p),
                                                            capturedLength(p),
                                                            p.originalLength()))
                            .toList();

            assertThat(read).as("%s", sample).isEqualTo(expected);
        }
    }

    private static String epoch(ReadPacket packet) {
        return "%d.%09d"
                .formatted(
                        Math.floorDiv(packet.timestampNs(), 1_000_000_000L),
                        Math.floorMod(packet.timestampNs(), 1_000_000_000L));
    }

    private static int capturedLength(ReadPacket packet) {
        return packet.dataHex().length() / 2;
    }

    private static List<String> tsharkFields(Path file) {
        List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString()));
        // A packet has an encapsulation, unlike the custom blocks that tshark shows as well.
        command.addAll(List.of("-Y", "frame.encap_type"));
        command.addAll(List.of("-T", "fields", "-E", "separator=/s"));
        for (String field : List.of("frame.time_epoch", "frame.cap_len", "frame.len")) {
            command.addAll(List.of("-e", field));
        }
        return command;
    }

    @Test
    void cutOffSamplesHaveThePacketsThatCapinfosFinds() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        Path file = folder.resolve("cut");
        for (int i = 0; i < CUT_COUNT; i++) {
            Path sample = samples.get(random.nextInt(samples.size()));
            byte[] whole = Files.readAllBytes(sample);
            int length = random.nextInt(whole.length);
            Files.write(file, Arrays.copyOf(whole, length));
            List<ReadPacket> all = Reading.of(sample).packets();

            Reading reading = Reading.of(file);

            String where = "seed %d, %s cut to %d bytes".formatted(seed, sample, length);
            assertThat(reading.packets())
                    .as(where)
                    .isEqualTo(all.subList(0, reading.packets().size()));
            assertThat(reading.packets().size()).as(where).isEqualTo(packetsOfCapinfos(file));
            if (reading.packets().size() < all.size() && !reading.place().isEmpty()) {
                assertThat(Long.parseLong(reading.place())).as(where).isBetween(0L, (long) length);
            }
        }
    }

    private static long packetsOfCapinfos(Path file) {
        Tools.Result result = Tools.run("capinfos", "-t", "-c", "-M", file.toString());
        Matcher beforeFault = COUNT_BEFORE_FAULT.matcher(result.stderr());
        if (beforeFault.find()) {
            return Long.parseLong(beforeFault.group(1));
        }
        // Without a whole file header it takes the file for something else, with a packet maybe.
        Matcher count = COUNT.matcher(result.stdout());
        return count.find() ? Long.parseLong(count.group(1)) : 0;
    }

    /// @param place offset that the fault names; empty where there is none
    private record Reading(List<ReadPacket> packets, String place) {
        private static final Pattern PLACE = Pattern.compile(", byte (\\d+)");

        static Reading of(Path file) throws IOException {
            List<ReadPacket> packets = new ArrayList<>();
            try (CaptureFileReader reader = CaptureFileReader.open(file)) {
                while (reader.next()) {
                    packets.add(ReadPacket.of(reader));
                }
                return new Reading(packets, "");
            } catch (CaptureFormatException e) {
                Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
                assertThat(place.find()).as(e.getMessage()).isTrue();
                return new Reading(packets, place.group(1));
            }
        }
    }
}
