package dev.ringtail.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.testing.Page;
import dev.ringtail.testing.Tools;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The account of a page's commands: each is typed, left to another test, or left out with a
/// reason. Names one that the page no longer has, and at the end those that nobody named.
final class Walkthrough {
    private static final String RINGTAIL = "./ringtail ";

    private final Page page;
    private final Path scratch;
    private final Set<String> open;

    /// @param scratch folder for what is made by the way
    Walkthrough(Page page, Path scratch) {
        this.page = page;
        this.scratch = scratch;
        this.open = new LinkedHashSet<>(page.commands());
    }

    /// The page.
    Page page() {
        return page;
    }

    /// The command of the page that begins so, for the test to type.
    ///
    /// @param beginning enough to tell it from all others; where one is the beginning of another,
    ///   the whole of it
    String command(String beginning) {
        List<String> found =
                page.commands().stream()
                        .filter(command -> oneLine(command).startsWith(beginning))
                        .toList();
        String command =
                found.stream()
                        .filter(c -> oneLine(c).equals(beginning))
                        .findFirst()
                        .orElseGet(
                                () -> {
                                    assertThat(found).as(page + ": " + beginning).hasSize(1);
                                    return found.getFirst();
                                });
        open.remove(command);
        return command;
    }

    /// Leaves commands to another test, which must read this page.
    ///
    /// @param test simple name of its class, in whatever module
    void leaveTo(String test, String... beginnings) throws IOException {
        assertThat(sources(test)).as(test + " reads " + page).contains(reading());
        leave(beginnings);
    }

    /// Leaves all commands below a heading to another test, which must read this page and name the
    /// heading.
    void leaveSectionTo(String test, String heading) throws IOException {
        assertThat(sources(test)).as(test + " runs " + heading).contains('"' + heading + '"');
        List<String> commands = page.section(heading).commands();
        leaveTo(test, commands.stream().map(Walkthrough::oneLine).toArray(String[]::new));
    }

    /// Leaves a command to the walk through another page, which must have the same.
    void leaveToPage(String name, String beginning) {
        String command = command(beginning);
        assertThat(Page.all())
                .anyMatch(other -> other.name().equals(name) && other.commands().contains(command));
    }

    /// Leaves out what can't be run here.
    ///
    /// @param reason why
    void leaveOut(String reason, String... beginnings) throws IOException {
        assertThat(reason).isNotBlank();
        leave(beginnings);
    }

    /// Fails for each command that is neither typed nor left.
    void finish() {
        assertThat(open).as("commands of " + page + " that nothing is done with").isEmpty();
    }

    /// Fails unless a line of the page that begins so was printed, but for its numbers.
    void assertShown(String beginning, String printed) {
        List<String> promised =
                page.text()
                        .lines()
                        .filter(line -> line.startsWith(beginning))
                        .map(Walkthrough::shape)
                        .toList();
        assertThat(promised).as(page + " has a line " + beginning).isNotEmpty();
        assertThat(printed.lines().map(Walkthrough::shape).toList())
                .containsAnyElementsOf(promised);
    }

    private static String shape(String line) {
        return line.strip().replaceAll("[0-9][0-9,.]*", "0").replaceAll("\\s+", " ");
    }

    private void leave(String... beginnings) throws IOException {
        for (String beginning : beginnings) {
            String command = command(beginning);
            if (command.contains(RINGTAIL)) {
                assertOptionsAreKnown(command);
            }
        }
    }

    /// Has a shell make the words of what can't be run, and the commands themselves parse them. The
    /// shell finds no other program but `sudo`.
    private void assertOptionsAreKnown(String command) throws IOException {
        Path folder = Files.createTempDirectory(scratch, "left");
        Launcher.script(folder.resolve("ringtail"), "printf '%s\\n' \"$@\" >called-$$");
        Tools.run(
                List.of(
                        "env",
                        "--chdir=" + folder,
                        "PATH=/nonexistent",
                        "/bin/bash",
                        "-c",
                        "sudo() { \"$@\"; }\n" + command + "\nwait"));
        int calls = 0;
        try (DirectoryStream<Path> called = Files.newDirectoryStream(folder, "called-*")) {
            for (Path arguments : called) {
                Launcher.parse(Files.readAllLines(arguments));
                calls++;
            }
        }
        assertThat(calls).as("calls of %s: %s", page, command).isPositive();
    }

    private static String oneLine(String command) {
        return command.replaceAll("\\\\\n\\s*", "").replaceAll("\\s+", " ");
    }

    private String reading() {
        return "Page.of(\"%s\")".formatted(page.name().replaceFirst("^docs/", ""));
    }

    /// The source of a test, and of the classes beside it that it names.
    private static String sources(String test) throws IOException {
        Path file = find(test + ".java");
        String source = Files.readString(file);
        StringBuilder sources = new StringBuilder(source);
        try (DirectoryStream<Path> siblings =
                Files.newDirectoryStream(file.getParent(), "*.java")) {
            for (Path sibling : siblings) {
                String name = sibling.getFileName().toString().replace(".java", "");
                if (Pattern.compile("\\b" + name + "\\b").matcher(source).find()) {
                    sources.append(Files.readString(sibling));
                }
            }
        }
        return sources.toString();
    }

    private static Path find(String fileName) throws IOException {
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path sources :
                    modules.map(module -> module.resolve("src/test/java"))
                            .filter(Files::isDirectory)
                            .toList()) {
                try (Stream<Path> files = Files.walk(sources)) {
                    Optional<Path> found =
                            files.filter(file -> file.endsWith(fileName)).findFirst();
                    if (found.isPresent()) {
                        return found.get();
                    }
                }
            }
        }
        throw new AssertionError("there is no test " + fileName);
    }
}
