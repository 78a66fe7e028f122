package dev.ringtail.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Holds `docs/reference/commands.md` equal to what the launcher and every command say of
/// themselves; with `-Ddocs.write=true` writes it anew.
class CommandReferenceIT {
    private static final Path REFERENCE = Path.of("reference", "commands.md");
    private static final Pattern LISTED = Pattern.compile("(?m)^  ([a-z]+)  ");

    private static final String HEAD =
            """
            # Commands

            What `./ringtail COMMAND --help` prints. This page is made of it, by

                mvn -B verify -pl docs -am -Dtest=CommandReferenceIT -Ddocs.write=true \\
                    -Dsurefire.failIfNoSpecifiedTests=false

            In the images of [containers](../how-to/run-in-containers.md) the commands are the same.
            """;

    /// What a reader of a command's options looks for next.
    private static final Map<String, String> MORE =
            Map.ofEntries(
                    Map.entry("demo", "[Tutorial](../tutorial.md)."),
                    Map.entry("kafka", "[Tutorial](../tutorial.md)."),
                    Map.entry(
                            "interfaces",
                            "[Link types](link-types.md), [network"
                                    + " namespaces](../how-to/capture-a-pod.md)."),
                    Map.entry(
                            "sensor",
                            "[Configuration](configuration.md), [ledger](ledger.md), [record to"
                                    + " files](../how-to/record-to-files.md), [capture without"
                                    + " root](../how-to/capture-without-root.md)."),
                    Map.entry("import", "[Capture files](capture-files.md)."),
                    Map.entry("replay", "[Replay and forward](../how-to/replay-and-forward.md)."),
                    Map.entry("forward", "[Replay and forward](../how-to/replay-and-forward.md)."),
                    Map.entry(
                            "export",
                            "[Scale analysis out](../how-to/scale-analysis.md), [keep packets"
                                    + " longer](../how-to/keep-packets-longer.md)."),
                    Map.entry(
                            "flows",
                            "[Scale analysis out](../how-to/scale-analysis.md),"
                                    + " [monitor](../how-to/monitor.md), [records](schema.md)."),
                    Map.entry("verify", "[Exactly once](../concepts/exactly-once.md)."),
                    Map.entry("bench", "[Performance](../concepts/performance.md)."));

    @Test
    void pageIsWhatTheCommandsSay() throws Exception {
        String page = page();
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(REFERENCE, page);
        }
        assertThat(Files.readString(REFERENCE)).isEqualTo(page);
    }

    private static String page() {
        String help = help("--help");
        List<String> commands =
                LISTED.matcher(help).results().map(found -> found.group(1)).toList();
        assertThat(commands).containsExactlyInAnyOrderElementsOf(MORE.keySet());
        StringBuilder page = new StringBuilder(HEAD).append(block(help));
        for (String command : commands) {
            assertThat(help(command, "--version")).startsWith("ringtail ");
            String usage = help(command, "--help");
            assertThat(usage).contains("Usage: ringtail " + command + " ").contains("Exit: 0 ");
            page.append("\n## ").append(command).append("\n\n").append(MORE.get(command));
            page.append("\n").append(block(usage));
        }
        return page.toString();
    }

    private static String help(String... arguments) {
        return Tools.run(Launcher.command(arguments)).orFail().stdout();
    }

    private static String block(String text) {
        return "\n```text\n" + text.strip().replaceAll("(?m) +$", "") + "\n```\n";
    }
}
