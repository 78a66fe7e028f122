package dev.ringtail.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A page of the documentation and the blocks of code in it, so that tests run what is written.
///
/// A fenced block says what it is: `sh` and `bash` are commands, a `console` has them behind `$ `.
/// A paragraph that is indented is of commands, unless it begins like a setting or a message (`key:
/// …`, `some.key=…`, `[section]`, `term = …`).
///
/// @param name path within the project, with `/`
/// @param text all of it
public record Page(String name, String text) {
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

    /// What may have commands for readers to type: the READMEs of the project and its chart, and
    /// every page of `docs/`.
    public static List<Page> all() {
        try (Stream<Path> docs =
                Files.find(
                        PROJECT.resolve("docs"),
                        2,
                        (file, attributes) -> file.toString().endsWith(".md"))) {
            return Stream.concat(
                            Stream.of("README.md", "helm/ringtail/README.md").map(PROJECT::resolve),
                            docs.sorted())
                    .map(Page::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A page of `docs/`.
    ///
    /// @param path of the page in there
    public static Page of(String path) {
        return read(PROJECT.resolve("docs").resolve(path));
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
    public List<String> commands() {
        return codeBlocks().stream().flatMap(Block::commands).distinct().toList();
    }

    /// The part below a heading of the second level, up to the next.
    ///
    /// @throws AssertionError if there is none
    public Page section(String heading) {
        Matcher found =
                Pattern.compile("(?m)^## \\Q" + heading + "\\E\n(?<section>[\\s\\S]*?)(?=^## |\\z)")
                        .matcher(text);
        if (!found.find()) {
            throw new AssertionError(name + " has no heading " + heading);
        }
        return new Page(name + ", " + heading, found.group("section"));
    }

    /// All blocks without their indentation, each ending with a line's end. A blank line separates
    /// those that are indented.
    public List<String> blocks() {
        return codeBlocks().stream().map(Block::text).toList();
    }

    /// The one block that begins so.
    ///
    /// @throws AssertionError unless there is exactly one
    public String block(String beginning) {
        List<String> found = blocks().stream().filter(b -> b.startsWith(beginning)).toList();
        if (found.size() != 1) {
            throw new AssertionError(
                    "%s has %d blocks that begin with: %s"
                            .formatted(name, found.size(), beginning));
        }
        return found.getFirst();
    }

    private List<Block> codeBlocks() {
        List<Block> blocks = new ArrayList<>();
        Matcher found = BLOCK.matcher(text);
        while (found.find()) {
            String language = found.group("language");
            blocks.add(
                    language == null
                            ? Block.indented(found.group().replaceAll("(?m)^ {4}", ""))
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
            return new Block(DATA.matcher(text.strip()).matches() ? "data" : "sh", text);
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
