package dev.ringtail.demo.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.testing.Tools;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A container that runs until it is closed, and is deleted then.
public final class Container implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String id;

    private Container(String id) {
        this.id = id;
    }

    /// @param options of `docker run`, between `run` and the image
    /// @param command what the image's entry point is given
    public static Container start(List<String> options, String image, String... command) {
        List<String> run = new ArrayList<>(List.of("docker", "run", "--detach"));
        run.addAll(options);
        run.add(image);
        run.addAll(List.of(command));
        return new Container(Tools.run(run).orFail().stdout().strip());
    }

    /// Waits until standard error has this text.
    public void awaitError(String text) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(logs().stderr()).contains(text));
    }

    /// What was written so far.
    public Tools.Result logs() {
        return Tools.run("docker", "logs", id).orFail();
    }

    /// Runs a command inside and returns what it printed.
    public String exec(String... command) {
        List<String> exec = new ArrayList<>(List.of("docker", "exec", id));
        exec.addAll(List.of(command));
        return Tools.run(exec).orFail().stdout();
    }

    /// What `docker inspect` knows.
    ///
    /// @param template Go template
    public String inspect(String template) {
        return Tools.run("docker", "inspect", "--format", template, id).orFail().stdout().strip();
    }

    /// Sends SIGTERM and waits for the end.
    ///
    /// @return exit code
    public int stop() {
        Tools.run("docker", "stop", "--time=40", id).orFail();
        return Integer.parseInt(inspect("{{.State.ExitCode}}"));
    }

    @Override
    public void close() {
        Tools.run("docker", "rm", "--force", "--volumes", id).orFail();
    }
}
