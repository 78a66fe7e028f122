package dev.ringtail.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The code of `docs/how-to/secure-kafka.md`, so that the page is what is tested.
final class SecurePage {
    private static final Path FILE = Path.of("..", "docs", "how-to", "secure-kafka.md");
    private static final String CODE = "    ";

    private final List<String> lines;

    private SecurePage(List<String> lines) {
        this.lines = lines;
    }

    static SecurePage read() throws IOException {
        return new SecurePage(Files.readAllLines(FILE));
    }

    /// Kafka's commands below a heading, each as program and arguments.
    ///
    /// @param prefix of the topics, in the place of the page's
    /// @param admin what `$ADMIN` stands for
    List<List<String>> commands(String heading, String prefix, List<String> admin) {
        return blocks(heading).stream()
                .flatMap(block -> block.replaceAll("\\\\\n\\s*", "").lines())
                .filter(line -> line.startsWith("kafka-"))
                .map(line -> line.replace(" capture", " " + prefix))
                .map(line -> words(line, admin))
                .toList();
    }

    private static List<String> words(String line, List<String> admin) {
        return Arrays.stream(line.split(" +"))
                .flatMap(word -> word.equals("$ADMIN") ? admin.stream() : Stream.of(word))
                .toList();
    }

    /// The configurations of a sensor.
    List<String> sensorConfigs() {
        return blocks("The sensor").stream().filter(b -> b.startsWith("interfaces:")).toList();
    }

    /// The file of `--kafka-config`.
    String properties() {
        return blocks("Everything else").getFirst();
    }

    /// What is indented as code below a heading, block by block.
    private List<String> blocks(String heading) {
        List<String> blocks = new ArrayList<>();
        StringBuilder block = new StringBuilder();
        int first = lines.indexOf("## " + heading) + 1;
        if (first == 0) {
            throw new AssertionError("no heading \"" + heading + "\" in " + FILE);
        }
        for (String line : lines.subList(first, lines.size())) {
            if (line.startsWith(CODE)) {
                block.append(line.substring(CODE.length())).append('\n');
                continue;
            }
            if (!block.isEmpty()) {
                blocks.add(block.toString());
                block.setLength(0);
            }
            if (line.startsWith("## ")) {
                break;
            }
        }
        return blocks;
    }
}
