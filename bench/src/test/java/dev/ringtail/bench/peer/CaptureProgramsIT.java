package dev.ringtail.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.ringtail.bench.NativeLab;
import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.sensor.linux.InNamespace;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The bench's own peers in C and Go see every injected frame once.
@Privileged
@RequiresTool("gcc")
class CaptureProgramsIT {
    private static final int FRAMES = 20_000;

    @TempDir private static Path folder;
    private static NativeLab lab;

    @BeforeAll
    static void open() {
        lab = new NativeLab(folder);
    }

    @AfterAll
    static void close() {
        lab.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " --copy"})
    void ringCountCountsEveryFrame(String option) throws IOException {
        assertCountsEveryFrame(
                lab.compileC("ring-count") + " --interface b0 --seconds 60" + option);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " -copy"})
    @RequiresTool("go")
    void gopacketCountsEveryFrame(String option) throws IOException {
        assertCountsEveryFrame(
                lab.compileGo("gopacket-count") + " -interface b0 -seconds 60" + option);
    }

    @Test
    void endsByItself() {
        List<String> command =
                new ArrayList<>(
                        List.of(lab.compileC("ring-count").toString(), "--interface", "b0"));
        command.addAll(List.of("--seconds", "1", "--block-bytes", "131072", "--blocks", "4"));
        assertThat(Tools.run(lab.namespace().command(command)).orFail().stdout())
                .contains("\"packets\":0,");
    }

    @Test
    @RequiresTool("kcat")
    void pcapKafkaPublishesEveryFrame() throws Exception {
        Path program = lab.compileC("pcap-kafka", "rdkafka", "pcap");
        try (LocalKafka kafka =
                InNamespace.call(
                        lab.namespace(),
                        () ->
                                LocalKafka.start(
                                        folder.resolve("kafka"),
                                        0,
                                        Map.of("auto.create.topics.enable", "true")))) {
            List<String> command =
                    List.of(
                            program.toString(),
                            "--interface",
                            NativeLab.LINK,
                            "--bootstrap-server",
                            kafka.bootstrapServers(),
                            "--topic",
                            "messages",
                            "--seconds",
                            "60");
            JsonNode injected;
            JsonNode result;
            try (NativeLab.Running running = lab.start(command)) {
                injected = inject();
                result = running.result();
            }
            assertThat(result.required("received").asLong()).isEqualTo(FRAMES);
            assertThat(result.required("dropped").asLong()).isZero();
            assertThat(result.required("acknowledged").asLong()).isEqualTo(FRAMES);
            List<Long> valueBytes =
                    lab.namespace()
                            .run(
                                    "kcat -C -e -q -t messages -f %S\\n -b "
                                            + kafka.bootstrapServers())
                            .stdout()
                            .lines()
                            .map(Long::valueOf)
                            .toList();
            assertThat(valueBytes).hasSize(FRAMES);
            assertThat(valueBytes.stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(injected.required("bytes").asLong());
        }
    }

    private static void assertCountsEveryFrame(String command) throws IOException {
        JsonNode injected;
        JsonNode counted;
        try (NativeLab.Running running = lab.start(List.of(command.split(" ")))) {
            injected = inject();
            counted = running.result();
        }
        assertThat(counted.required("drops").asLong()).isZero();
        assertThat(counted.required("packets").asLong()).isEqualTo(FRAMES);
        assertThat(counted.required("bytes")).isEqualTo(injected.required("bytes"));
    }

    private static JsonNode inject() {
        return lab.inject("--seconds 20 --bytes mix --flows 100 --count " + FRAMES);
    }
}
