package dev.ringtail.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;

import dev.ringtail.bench.NativeLab;
import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// The injector's frames, as tcpdump catches and tshark reads them.
@Privileged
@RequiresTool({"gcc", "tcpdump", "tshark"})
class InjectorIT {
    private static final int ETHERNET_BYTES = 14;
    private static final int IP_BYTES = 20;
    private static final int HEADERS_BYTES = ETHERNET_BYTES + IP_BYTES + 8;

    @TempDir private static Path folder;
    private static NativeLab lab;

    /// A frame's fields as tshark prints them.
    ///
    /// @param checksum 1 is right
    private record Frame(int checksum, String flow, int frameBytes, int ipBytes, int udpBytes) {
        static Frame of(String line) {
            String[] fields = line.split("\t");
            return new Frame(
                    Integer.parseInt(fields[0]),
                    fields[1] + ":" + fields[2],
                    Integer.parseInt(fields[3]),
                    Integer.parseInt(fields[4]),
                    Integer.parseInt(fields[5]));
        }
    }

    @BeforeAll
    static void open() {
        lab = new NativeLab(folder);
    }

    @AfterAll
    static void close() {
        lab.close();
    }

    @ParameterizedTest
    @CsvSource({"60, 1", "61, 3", "128, 100", "590, 7", "1514, 100"})
    void framesAreWholeAndOfTheFlowsAskedFor(int bytes, int flows) throws IOException {
        int count = 3000;
        JsonNode result;
        Path file;
        try (Capture capture = new Capture()) {
            result = inject("--bytes %d --flows %d --count %d".formatted(bytes, flows, count));
            file = capture.stopAfter(count);
        }
        assertThat(result.required("frames").asLong()).isEqualTo(count);
        assertThat(result.required("bytes").asLong()).isEqualTo((long) count * bytes);
        List<Frame> frames = read(file);
        assertThat(frames)
                .hasSize(count)
                .allSatisfy(
                        frame -> {
                            assertThat(frame.frameBytes()).isEqualTo(bytes);
                            assertLengthsAndChecksum(frame);
                        });
        assertThat(perFlow(frames).values())
                .hasSize(flows)
                .allSatisfy(
                        each ->
                                assertThat(each)
                                        .isBetween((long) count / flows, count / flows + 1L));
    }

    @Test
    void moreFlowsThanAddresses() throws IOException {
        int flows = 70_000;
        Path file;
        try (Capture capture = new Capture()) {
            // Paced: it is the count of flows that matters here, not what tcpdump can bear.
            inject("--bytes 60 --flows %d --count %d --rate 100000".formatted(flows, flows));
            file = capture.stopAfter(flows);
        }
        assertThat(perFlow(read(file))).hasSize(flows);
    }

    @Test
    void mixIsThreeSizesSevenToFourToOne() throws IOException {
        int count = 12_000;
        JsonNode result;
        Path file;
        try (Capture capture = new Capture()) {
            result = inject("--bytes mix --flows 100 --count " + count);
            file = capture.stopAfter(count);
        }
        List<Frame> frames = read(file);
        assertThat(frames).hasSize(count).allSatisfy(InjectorIT::assertLengthsAndChecksum);
        assertThat(frames.stream().mapToLong(Frame::frameBytes).sum())
                .isEqualTo(result.required("bytes").asLong());
        Map<Integer, Long> perSize =
                frames.stream()
                        .collect(Collectors.groupingBy(Frame::frameBytes, Collectors.counting()));
        assertThat(perSize).containsOnlyKeys(60, 590, 1514);
        // The sizes follow from the frames' numbers: the same ones in each run.
        assertThat(perSize.get(60)).isBetween(6_800L, 7_200L);
        assertThat(perSize.get(590)).isBetween(3_800L, 4_200L);
        assertThat(perSize.get(1514)).isBetween(900L, 1_100L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"60", "1514", "mix"})
    void payloadDoesNotCompress(String bytes) throws IOException {
        int count = 3000;
        Path file;
        try (Capture capture = new Capture()) {
            inject("--bytes %s --flows 10 --count %d".formatted(bytes, count));
            file = capture.stopAfter(count);
        }
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        try (CaptureFileReader reader = CaptureFileReader.open(file)) {
            while (reader.next()) {
                payload.write(
                        reader.data(),
                        reader.dataOffset() + HEADERS_BYTES,
                        reader.dataLength() - HEADERS_BYTES);
            }
        }
        assertThat(Zstd.compress(payload.toByteArray()).length)
                .isGreaterThan((int) (payload.size() * 0.99));
    }

    @Test
    void neverMoreThanTheRate() throws IOException {
        int rate = 20_000;
        JsonNode result = inject("--bytes 60 --flows 1 --rate " + rate, 1);
        double seconds = result.required("seconds").asDouble();
        int burst = rate / 1000;
        assertThat(result.required("frames").asDouble()).isBetween(1.0, rate * seconds + burst);
    }

    @Test
    void stopsWhenToldTo() throws Exception {
        Process process =
                new ProcessBuilder(
                                lab.namespace().command(lab.injector("--seconds 600 --rate 1000")))
                        .start();
        try (Capture capture = new Capture()) {
            await().ignoreExceptions().until(() -> capture.frames() > 0);
            process.toHandle().destroy(); // Process.destroy would close its output
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            JsonNode result = new ObjectMapper().readTree(process.getInputStream());
            assertThat(result.required("bytes").asLong())
                    .isEqualTo(60 * result.required("frames").asLong());
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--seconds 1 --bytes 59",
                "--seconds 1 --bytes 1515",
                "--seconds 1 --bytes many",
                "--seconds 1 --flows 0",
                "--seconds 1 --batch 257",
                "--seconds 0",
                "--bytes 60",
                "--seconds 1 --interface nosuch0"
            })
    void wrongUseIsRefused(String options) {
        assertThat(Tools.run(lab.namespace().command(lab.injector(options))).exit()).isEqualTo(2);
    }

    @Test
    @RequiresTool("setpriv")
    void withoutCapabilitiesItSaysWhichItNeeds() {
        List<String> command = new ArrayList<>(List.of("setpriv", "--bounding-set=-all"));
        command.addAll(lab.injector("--seconds 1"));
        Tools.Result result = Tools.run(lab.namespace().command(command));
        assertThat(result.exit()).isEqualTo(77);
        assertThat(result.stderr()).contains("CAP_BPF");
    }

    private static void assertLengthsAndChecksum(Frame frame) {
        assertThat(frame.checksum()).isEqualTo(1);
        assertThat(frame.ipBytes()).isEqualTo(frame.frameBytes() - ETHERNET_BYTES);
        assertThat(frame.udpBytes()).isEqualTo(frame.ipBytes() - IP_BYTES);
    }

    private static JsonNode inject(String options) {
        return inject(options, 20);
    }

    private static JsonNode inject(String options, int seconds) {
        return lab.inject(options + " --seconds " + seconds);
    }

    private static Map<String, Long> perFlow(List<Frame> frames) {
        return frames.stream().collect(Collectors.groupingBy(Frame::flow, Collectors.counting()));
    }

    private static List<Frame> read(Path file) {
        return Tools.run(
                        "tshark",
                        "-r",
                        file.toString(),
                        "-o",
                        "ip.check_checksum:TRUE",
                        "-T",
                        "fields",
                        "-E",
                        "occurrence=f",
                        "-e",
                        "ip.checksum.status",
                        "-e",
                        "ip.src",
                        "-e",
                        "udp.srcport",
                        "-e",
                        "frame.len",
                        "-e",
                        "ip.len",
                        "-e",
                        "udp.length")
                .orFail()
                .stdout()
                .lines()
                .map(Frame::of)
                .toList();
    }

    /// tcpdump on the link.
    private static final class Capture implements AutoCloseable {
        private final Path file;
        private final NativeLab.Running tcpdump;

        Capture() throws IOException {
            file = Files.createTempFile(folder, "injected", ".pcap");
            tcpdump =
                    lab.start(
                            List.of(
                                    "tcpdump",
                                    "-i",
                                    NativeLab.LINK,
                                    "-U",
                                    "-B",
                                    "65536",
                                    "-Z",
                                    "root",
                                    "-w",
                                    file.toString()));
        }

        /// Waits until so many frames are in the file, and ends it.
        Path stopAfter(int count) throws IOException {
            await().ignoreExceptions().until(() -> frames() >= count);
            tcpdump.stop();
            return file;
        }

        private int frames() throws IOException {
            int frames = 0;
            try (CaptureFileReader reader = CaptureFileReader.open(file)) {
                while (reader.next()) {
                    frames++;
                }
            }
            return frames;
        }

        @Override
        public void close() {
            tcpdump.close();
        }
    }
}
