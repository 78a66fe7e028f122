package dev.ringtail.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// What a page of `docs/` has a reader type: its indented blocks, so that tests run what is
/// written.
public final class Page {
    private static final Pattern INDENTED = Pattern.compile("(?m)(?:^ {4}.*\n|^\n(?= {4}))+");
    private static final Pattern BLANK_LINE = Pattern.compile("\n\n");

    private final Path file;

    private Page(Path file) {
        this.file = file;
    }

    /// @param path of the page in `docs/`, as seen from a module's folder
    public static Page of(String path) {
        return new Page(Path.of("..", "docs").resolve(path));
    }

    /// Its blocks without the indentation, each ending with a line's end. A blank line separates
    /// them.
    public List<String> blocks() {
        return INDENTED.matcher(text())
                .results()
                .map(MatchResult::group)
                .map(block -> block.replaceAll("(?m)^ {4}", ""))
                .flatMap(BLANK_LINE::splitAsStream)
                .map(block -> block.strip() + "\n")
                .toList();
    }

    /// The one block that begins so.
    ///
    /// @throws AssertionError unless there is exactly one
    public String block(String beginning) {
        List<String> found = blocks().stream().filter(b -> b.startsWith(beginning)).toList();
        if (found.size() != 1) {
            throw new AssertionError(
                    "%s has %d blocks that begin with: %s"
                            .formatted(file, found.size(), beginning));
        }
        return found.getFirst();
    }

    /// All of it.
    public String text() {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
