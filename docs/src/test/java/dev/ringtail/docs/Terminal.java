package dev.ringtail.docs;

import dev.ringtail.testing.NetworkNamespace;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A terminal with an interactive shell, into which a test types what a page has a reader type.
///
/// The pseudo-terminal is that of script(1): Ctrl-C reaches what runs in the foreground, `&` and
/// `%1` are as anywhere, and a shell within the shell reads on. Before each prompt a shell prints
/// how the command before it ended. For one thread.
final class Terminal implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(2);

    /// `~/.bashrc` of the user, which has the last word: each shell reads it after those in `/etc`.
    static final String BASHRC =
            """
            unset PROMPT_COMMAND
            PROMPT_COMMAND='printf "[exit %s]\\n" $?'
            """;

    private static final Pattern ENDED = Pattern.compile("\\[exit (\\d+)]");
    private static final String CTRL_C = "\3";

    private final Process script;
    private final OutputStream keyboard;
    private final Path screen;

    /// How much had been printed when the last command was typed.
    private int typedAt;

    /// Opens one.
    ///
    /// @param folder where its shell is
    /// @param screen file for all that it prints
    /// @param environment with `HOME`, a folder whose `.bashrc` is [#BASHRC]
    Terminal(NetworkNamespace namespace, Path folder, Path screen, Map<String, String> environment)
            throws IOException {
        this.screen = screen;
        ProcessBuilder builder =
                new ProcessBuilder(
                                namespace.command(
                                        List.of(
                                                "script",
                                                "--quiet",
                                                "--flush",
                                                "--command",
                                                "bash",
                                                "/dev/null")))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(screen.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("HISTFILE", "/dev/null");
        builder.environment().put("TERM", "dumb");
        script = builder.start();
        keyboard = script.getOutputStream();
        awaitEnd();
    }

    /// Types a command and waits for its end.
    ///
    /// @return what it printed
    /// @throws AssertionError if it fails, or does not end
    String run(String command) {
        type(command);
        return awaitSuccess();
    }

    /// Types a command that goes on, and waits until it has said something.
    ///
    /// @throws AssertionError if it ends without that, or never says it
    void start(String command, String says) {
        type(command);
        await(says, () -> printed().contains(says) || exit().isPresent());
        if (!printed().contains(says)) {
            throw new AssertionError("ended before it said '" + says + "': " + printed());
        }
    }

    /// Waits until something more is said, by the command that was typed last or in the background.
    ///
    /// @throws AssertionError if nobody does
    void await(String says) {
        await(says, () -> printed().contains(says));
    }

    /// Presses Ctrl-C and waits for the end of what is in the foreground.
    ///
    /// @return what it printed
    /// @throws AssertionError if it fails, or does not end
    String interrupt() {
        press(CTRL_C);
        return awaitSuccess();
    }

    /// Presses Ctrl-C and waits for the end of what is in the foreground, in whatever way it ends.
    String kill() {
        press(CTRL_C);
        awaitEnd();
        return printed();
    }

    /// A process in the terminal's network namespace.
    long pid() {
        return script.pid();
    }

    private void type(String command) {
        typedAt = screenText().length();
        press(command + "\n");
    }

    private String awaitSuccess() {
        awaitEnd();
        if (exit().orElseThrow() != 0) {
            throw new AssertionError("failed: " + printed());
        }
        return printed();
    }

    private void awaitEnd() {
        await("the end", () -> exit().isPresent());
    }

    private void await(String what, BooleanSupplier condition) {
        try {
            Awaitility.await().atMost(PATIENCE).until(condition::getAsBoolean);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("waited in vain for '" + what + "' of: " + printed(), e);
        }
    }

    /// How the command that was typed last has ended; empty while it runs.
    private OptionalInt exit() {
        Matcher ended = ENDED.matcher(printed());
        return ended.find()
                ? OptionalInt.of(Integer.parseInt(ended.group(1)))
                : OptionalInt.empty();
    }

    private String printed() {
        return screenText().substring(typedAt);
    }

    private String screenText() {
        try {
            return new String(Files.readAllBytes(screen), StandardCharsets.UTF_8).replace("\r", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void press(String keys) {
        try {
            keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
            keyboard.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends what still runs in it.
    @Override
    public void close() throws IOException {
        script.descendants().forEach(ProcessHandle::destroyForcibly);
        script.destroyForcibly();
        Awaitility.await().atMost(PATIENCE).until(() -> !script.isAlive());
        keyboard.close();
    }
}
