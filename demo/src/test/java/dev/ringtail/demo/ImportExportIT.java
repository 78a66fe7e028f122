package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.pcap.file.CaptureFormatException;
import dev.ringtail.sensor.StopSignal;
import dev.ringtail.testing.RequiresTool;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Capture files that others made come back from Kafka as they went in: same packets, same order,
/// same bytes, lengths, times and link types. The files are those of Debian's
/// golang-github-google-gopacket-dev: pcap and pcapng of both byte orders, many interfaces and link
/// types.
@RequiresTool("capinfos")
class ImportExportIT {
    private static final Path SAMPLES = Path.of("/usr/share/gocode/src/github.com/google/gopacket");

    @TempDir private static Path folder;
    private static LocalKafka kafka;

    @BeforeAll
    static void startKafka() {
        boolean there = Files.isDirectory(SAMPLES);
        if (System.getProperty("require", "").contains("privileged")) {
            assertThat(there).as("install golang-github-google-gopacket-dev").isTrue();
        }
        assumeTrue(there, "golang-github-google-gopacket-dev is not installed");
        kafka = LocalKafka.start(folder.resolve("kafka"), 0, Map.of());
    }

    @AfterAll
    static void stopKafka() {
        if (kafka != null) {
            kafka.close();
        }
    }

    static List<Path> samples() throws IOException {
        if (!Files.isDirectory(SAMPLES)) {
            return List.of(SAMPLES);
        }
        try (Stream<Path> files = Files.walk(SAMPLES)) {
            return files.filter(f -> f.toString().matches(".*\\.(pcap|pcapng|cap)"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void bringsBackWhatAFileHolds(Path sample) throws IOException {
        List<FilePacket> expected = new ArrayList<>();
        boolean whole = readInto(sample, expected);
        String sensor = "s" + sample.hashCode();
        Path exported = folder.resolve(sensor + ".pcapng");

        int imported = importFile(sample, sensor);
        int again = importFile(sample, sensor);

        assertThat(imported).isEqualTo(whole ? 0 : 1);
        assertThat(again).isEqualTo(imported);
        int exit = consumer("export", "--sensor", sensor, "-w", exported.toString());
        if (expected.isEmpty()) {
            // Nothing was imported, so nothing is known of such a sensor.
            assertThat(exit).isOne();
            assertThat(exported).doesNotExist();
        } else {
            assertThat(exit).isZero();
            assertThat(CaptureLab.read(exported)).isEqualTo(expected);
        }
    }

    @Test
    void leavesATopicThatIsAccountedFor() throws IOException {
        importFile(samples().getFirst(), "verified");

        assertThat(consumer("verify")).isZero();
    }

    private static boolean readInto(Path file, List<FilePacket> packets) throws IOException {
        try (CaptureFileReader reader = CaptureFileReader.open(file)) {
            while (reader.next()) {
                packets.add(FilePacket.current(reader));
            }
            return true;
        } catch (CaptureFormatException e) {
            return false;
        }
    }

    private static int importFile(Path file, String sensor) {
        return dev.ringtail.sensor.Main.commandLine(StopSignal.never())
                .execute(
                        "import",
                        file.toString(),
                        "--sensor",
                        sensor,
                        "--bootstrap-server",
                        kafka.bootstrapServers());
    }

    private static int consumer(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--bootstrap-server", kafka.bootstrapServers()));
        return dev.ringtail.consumer.Main.commandLine().execute(all.toArray(String[]::new));
    }
}
