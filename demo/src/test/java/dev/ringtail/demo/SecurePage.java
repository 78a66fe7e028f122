package dev.ringtail.demo;

import dev.ringtail.testing.Page;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The code of `docs/how-to/secure-kafka.md`, so that the page is what is tested.
final class SecurePage {
    private static final Page PAGE = Page.of("how-to/secure-kafka.md");

    private SecurePage() {}

    /// Kafka's commands below a heading, each as program and arguments, for a single broker.
    ///
    /// @param prefix of the topics, in the place of the page's
    /// @param admin what `$ADMIN` stands for
    static List<List<String>> commands(String heading, String prefix, List<String> admin) {
        return PAGE.section(heading).commands().stream()
                .map(command -> command.replaceAll("\\\\\n\\s*", ""))
                .map(command -> command.replace("--replication-factor 3", "--replication-factor 1"))
                .map(command -> command.replace(" capture", " " + prefix))
                .map(command -> words(command, admin))
                .toList();
    }

    private static List<String> words(String command, List<String> admin) {
        return Arrays.stream(command.split(" +"))
                .flatMap(word -> word.equals("$ADMIN") ? admin.stream() : Stream.of(word))
                .toList();
    }

    /// The file of `--command-config`.
    static String adminProperties() {
        return PAGE.block("security.protocol=SSL\n");
    }

    /// The configurations of a sensor.
    static List<String> sensorConfigs() {
        return PAGE.section("The sensor").blocks().stream()
                .filter(block -> block.startsWith("interfaces:"))
                .toList();
    }

    /// The file of `--kafka-config`.
    static String properties() {
        return PAGE.section("Everything else").blocks().getFirst();
    }
}
