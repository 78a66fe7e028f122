package dev.ringtail.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ringtail.bench.rig.Home;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

/// The bench as a user starts it, for function: not one figure is looked at for its size.
@Privileged
class BenchCommandIT {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final List<String> ROWS =
            List.of(
                    "ring-batch",
                    "ring-kafka",
                    "ring-kafka-1514",
                    "per-message",
                    "start",
                    "memory",
                    "topic-pcapng",
                    "topic-flows",
                    "loss-free",
                    "frame-sizes",
                    "scale-flows",
                    "scale-partitions",
                    "scale-records",
                    "scale-lanes",
                    "scale-sensors",
                    "scale-topic",
                    "tx-ring");

    @TempDir Path folder;

    @Test
    @RequiresTool({"gcc", "tcpdump", "unshare"})
    void measuresEveryRow() throws Exception {
        Tools.Result run = bench("--quick", "--output", folder.toString());

        assertThat(run.exit()).as(run.stderr()).isZero();
        JsonNode json = new ObjectMapper().readTree(folder.resolve("bench.json").toFile());
        assertThat(json.get("environment").get("aotCaches").asText())
                .matches("sensor (yes|no), consumers (yes|no)");
        assertThat(json.get("environment").get("rows").asText())
                .isEqualTo(ROWS.size() + " of " + ROWS.size());
        assertThat(json.findValuesAsText("verdict")).isNotEmpty().doesNotContain("met", "not met");
        assertThat(json.get("rows").findValuesAsText("name")).containsAll(ROWS);
        for (JsonNode row : json.get("rows")) {
            checkRow(row);
            assertThat(run.stdout()).contains("[" + row.get("name").asText() + "]");
        }
        assertThat(Files.readString(folder.resolve("bench.json"))).doesNotContain("NaN");
        assertThat(Files.readString(folder.resolve("bench.txt"))).isEqualTo(run.stdout());
        Document chart =
                DocumentBuilderFactory.newDefaultInstance()
                        .newDocumentBuilder()
                        .parse(folder.resolve("bench.svg").toFile());
        assertThat(chart.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(Files.readString(folder.resolve("bench.svg"))).doesNotContain("NaN");
        assertNothingIsLeft();
    }

    /// Ringtail itself, which comes first, is measured whatever this machine lacks; so is at least
    /// one claim of each row that has any.
    private static void checkRow(JsonNode row) {
        assertThat(row.has("failure")).as(row.toPrettyString()).isFalse();
        JsonNode ours = row.get("contenders").get(0);
        assertThat(ours.get("samples").size()).as(ours.toPrettyString()).isEqualTo(1);
        assertThat(ours.get("figures").isEmpty()).as(ours.toPrettyString()).isFalse();
        assertThat(ours.get("samples").get(0).get("limitedBy").asText()).isNotEmpty();
        if (!row.get("claims").isEmpty()) {
            assertThat(row.get("claims").findValues("median"))
                    .as(row.toPrettyString())
                    .isNotEmpty();
        }
    }

    private static void assertNothingIsLeft() throws Exception {
        try (Stream<Path> files = Files.list(Home.find().target())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("run"));
        }
    }

    @Test
    @RequiresTool({"gcc", "unshare"})
    void leavesWhatItHasMeasuredWhenItIsEnded() throws Exception {
        Path report = folder.resolve("bench.json");
        Process run =
                new ProcessBuilder(
                                command(
                                        "--quick",
                                        "--only",
                                        "scale-flows",
                                        "--only",
                                        "scale-topic",
                                        "--output",
                                        folder.toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("said").toFile())
                        .start();
        try {
            await().atMost(LIMIT).until(() -> Files.exists(report) || !run.isAlive());
        } finally {
            run.destroy();
        }

        assertThat(run.waitFor(LIMIT)).isTrue();
        String said = Files.readString(folder.resolve("said"));
        assertThat(run.exitValue()).as(said).isNotZero();
        assertThat(said).contains("ringtail bench: interrupted");
        JsonNode json = new ObjectMapper().readTree(report.toFile());
        assertThat(json.get("rows").get(0).get("name").asText()).isEqualTo("scale-flows");
        assertThat(json.get("rows")).hasSize(1);
        assertThat(json.get("environment").get("rows").asText()).isEqualTo("1 of 2");
        assertThat(Files.readString(folder.resolve("bench.txt"))).contains("rows: 1 of 2");
        assertNothingIsLeft();
    }

    @Test
    void listsItsRows() {
        Tools.Result run = bench("--list");

        assertThat(run.exit()).as(run.stderr()).isZero();
        assertThat(run.stdout().lines().map(line -> line.split(" ")[0])).containsAll(ROWS);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        Tools.Result row = bench("--only", "ring-batch", "--only", "nosuch");
        assertThat(row.exit()).isEqualTo(2);
        assertThat(row.stderr()).contains("--only nosuch").contains("loss-free");

        Tools.Result size = bench("--bytes", "61");
        assertThat(size.exit()).isEqualTo(2);
        assertThat(size.stderr()).contains("60, 128, 590, 1514, mix");
    }

    @Test
    @RequiresTool({"gcc", "unshare"})
    void refusesAnOutputThatIsNoFolderBeforeItMeasures() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        Tools.Result run = bench("--quick", "--output", file.toString());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.stderr()).contains(file + " (--output): it is no folder");
    }

    private static Tools.Result bench(String... arguments) {
        return Tools.run(LIMIT, command(arguments));
    }

    private static List<String> command(String... arguments) {
        String[] all =
                Stream.concat(Stream.of("bench"), Stream.of(arguments)).toArray(String[]::new);
        return Home.find().ringtail(all);
    }
}
