package dev.ringtail.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import dev.ringtail.testing.Page;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What `docs/how-to/run-on-kubernetes.md` has a reader do, as far as it goes without a cluster;
/// and values of other pages.
class HowToTest {
    private static final Page PAGE = Page.of("how-to/run-on-kubernetes.md");
    private static final Page SCALE = Page.of("how-to/scale-analysis.md");
    private static final Page CONTAINERS = Page.of("how-to/run-in-containers.md");
    private static final Pattern VALUES = Pattern.compile("(?s)[a-z][A-Za-z]*:[ \n].*");

    @TempDir private Path folder;

    static List<String> valueBlocks() {
        return Stream.of(PAGE, SCALE)
                .flatMap(page -> page.blocks().stream())
                .filter(block -> VALUES.matcher(block).matches())
                .toList();
    }

    @Test
    void thePageHasValuesAndCommands() {
        assertThat(valueBlocks()).hasSizeGreaterThan(4);
        assertThat(PAGE.blocks())
                .filteredOn(block -> !VALUES.matcher(block).matches())
                .allMatch(block -> block.matches("(?s)(kubectl|helm|docker|tr) .*"));
    }

    @ParameterizedTest
    @MethodSource("valueBlocks")
    void theValuesOfThePageAreTaken(String block) throws IOException {
        Path values = Files.writeString(folder.resolve("values.yaml"), block);

        assertThat(Chart.ofRepository().text(Chart.values("minimal"), values)).isNotBlank();
    }

    @Test
    void theFirstValuesAndTheImagesThatArePushedAreEnough() throws IOException {
        Path values = Files.writeString(folder.resolve("values.yaml"), valueBlocks().getFirst());

        assertThat(Workload.of(Chart.withTests(folder.resolve("chart")).render(values)))
                .extracting(workload -> workload.container().getImage())
                .isNotEmpty()
                .allSatisfy(
                        image -> {
                            String target = image.replaceFirst(".*/(.*):.*", "$1");
                            assertThat(PAGE.blocks())
                                    .anyMatch(
                                            block ->
                                                    block.contains(
                                                                    "docker build --target %s -t %s .\n"
                                                                            .formatted(
                                                                                    target, image))
                                                            && block.contains(
                                                                    "docker push " + image + "\n"));
                        });
    }

    @Test
    void theImageForAUserIsCalledSoEverywhere() throws IOException {
        Path values =
                Files.writeString(
                        folder.resolve("values.yaml"),
                        "{imageRegistry: docker.io, sensor: {nonRoot: true}}");
        String image =
                new RenderedSensor(Chart.ofRepository().render(Chart.values("minimal"), values))
                        .image();

        assertThat(CONTAINERS.text())
                .contains(
                        "docker build --target sensor-nonroot -t "
                                + image.replaceFirst("docker.io/(.*):.*", "$1 ."));
    }

    /// A line's end at the end of a password would be a part of it.
    @Test
    void thePasswordGoesIntoTheSecretWithoutTheEndOfItsLine() throws IOException {
        String command =
                PAGE.blocks().stream()
                        .filter(block -> block.contains("create secret generic"))
                        .findFirst()
                        .orElseThrow();
        Files.writeString(folder.resolve("password.txt"), "pass word\r\n");
        Path kubectl =
                Files.writeString(
                        Files.createDirectory(folder.resolve("bin")).resolve("kubectl"),
                        """
                        #!/bin/sh
                        for argument; do
                          case $argument in --from-file=password=*) cat "${argument#*=*=}" >secret ;; esac
                        done
                        """);
        Files.setPosixFilePermissions(kubectl, PosixFilePermissions.fromString("rwx------"));

        Tools.run(
                        List.of(
                                "env",
                                "--chdir=" + folder,
                                "PATH=" + kubectl.getParent() + ":" + System.getenv("PATH"),
                                "sh",
                                "-euc",
                                command))
                .orFail();

        assertThat(Files.readString(folder.resolve("secret"))).isEqualTo("pass word");
    }

    @Test
    void theNamesOfThePageAreThoseOfItsRelease() throws IOException {
        JsonNode chart = new YAMLMapper().readTree(Path.of("ringtail", "Chart.yaml").toFile());

        // A release that is called like the chart has no name twice.
        assertThat(PAGE.text())
                .contains("helm install " + chart.path("name").asText() + " helm/ringtail ")
                .contains("daemonset/" + chart.path("name").asText() + "-sensor");
    }
}
