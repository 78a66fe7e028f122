package dev.ringtail.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A page of the documentation, and the commands in its code blocks.
///
/// A fenced block says what it is: `sh` and `bash` are commands, a `console` has them behind `$ `.
/// A paragraph that is indented is of commands, unless it begins like a setting or a message (`key:
/// …`, `some.key=…`, `[section]`, `term = …`).
///
/// @param name path within the project, with `/`
/// @param text all of it
record Page(String name, String text) {
    private static final Path PROJECT = Path.of("..");

    /// A fenced block, or a paragraph that is indented.
    private static final Pattern BLOCK =
            Pattern.compile(
                    "(?m)^```(?<language>\\S*)\n(?<fenced>[\\s\\S]*?)^```$|(?<=^\n)(?: {4}.*\n)+");

    /// A paragraph that is not of commands.
    private static final Pattern DATA =
            Pattern.compile(
                    "(#.*\n"
                            + ")*(\\S+: .*|\\S+:|[a-z]+(\\.[a-z]+)+=.*|\\[.*]|\\S+ += .*)(\n"
                            + "[\\s\\S]*)?");

    /// Between two commands: the end of a line behind which none goes on.
    private static final Pattern NEXT = Pattern.compile("(?<!\\\\)\n(?![ \t]|(done|fi)\\b)");

    /// What readers are told to type: the README, the tutorial, every how-to.
    static List<Page> all() {
        try (Stream<Path> howTos = Files.list(PROJECT.resolve("docs/how-to"))) {
            return Stream.concat(
                            Stream.of("README.md", "docs/tutorial.md").map(PROJECT::resolve),
                            howTos.sorted())
                    .map(Page::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Page read(Path file) {
        try {
            return new Page(PROJECT.relativize(file).toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Every command, in the page's order, each once. One that goes on behind a `\`, or with lines
    /// further in (`for`), is one.
    List<String> commands() {
        return blocks().stream().flatMap(Block::commands).distinct().toList();
    }

    /// The block of the page that begins so, for a file that the page has a reader write.
    String data(String beginning) {
        return blocks().stream()
                .map(Block::text)
                .filter(text -> text.startsWith(beginning))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " has no block " + beginning));
    }

    private List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        Matcher found = BLOCK.matcher(text);
        while (found.find()) {
            String language = found.group("language");
            blocks.add(
                    language == null
                            ? Block.indented(found.group().replaceAll("(?m)^ {4}", "").strip())
                            : new Block(language, found.group("fenced")));
        }
        return blocks;
    }

    @Override
    public String toString() {
        return name;
    }

    private record Block(String language, String text) {
        static Block indented(String text) {
            return new Block(DATA.matcher(text).matches() ? "data" : "sh", text);
        }

        Stream<String> commands() {
            return switch (language) {
                case "sh", "bash" -> commands(text.lines());
                case "console" ->
                        commands(
                                text.lines()
                                        .filter(line -> line.startsWith("$ "))
                                        .map(line -> line.substring(2)));
                case "data", "text", "yaml", "json", "properties", "ini", "python" ->
                        Stream.empty();
                default -> throw new AssertionError("```" + language + ": is it of commands?");
            };
        }

        private static Stream<String> commands(Stream<String> lines) {
            String script = String.join("\n", lines.toList());
            return NEXT.splitAsStream(script)
                    .map(String::strip)
                    .filter(command -> !command.isEmpty() && !command.startsWith("#"));
        }
    }
}
