package dev.ringtail.bench;

import dev.ringtail.cli.FileNameConverter;
import dev.ringtail.cli.SoftwareVersion;
import dev.ringtail.cli.UsageErrorHandler;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Entry point of the `bench` command.
///
/// Exit codes: 0 fine, 1 failed, 2 wrong usage, 77 a missing capability.
@Command(
        name = "ringtail",
        mixinStandardHelpOptions = true,
        versionProvider = SoftwareVersion.class,
        description = "Measures Ringtail's speed.")
public final class Main implements Runnable {
    /// More than any program that is stopped may take.
    private static final int STOP_LIMIT_SECONDS = 60;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    private Main() {}

    /// Runs a command and ends the process with its exit code. SIGINT and SIGTERM interrupt it, and
    /// the process ends when everything that it started has ended.
    public static void main(String[] args) {
        CountDownLatch ended = new CountDownLatch(1);
        Thread command = Thread.currentThread();
        Thread stop = Thread.ofPlatform().name("bench-stop").unstarted(() -> stop(command, ended));
        Runtime.getRuntime().addShutdownHook(stop);
        int exitCode = commandLine(ended::countDown).execute(args);
        ended.countDown();
        System.exit(exitCode);
    }

    private static void stop(Thread command, CountDownLatch ended) {
        if (ended.getCount() == 0) {
            return;
        }
        command.interrupt();
        try {
            boolean _ = ended.await(STOP_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The command line, as [#main] runs it.
    ///
    /// @param ended called when everything that a command started has ended
    public static CommandLine commandLine(Runnable ended) {
        return new CommandLine(new Main())
                .addSubcommand(new BenchCommand(ended))
                .setParameterExceptionHandler(new UsageErrorHandler())
                .registerConverter(Path.class, new FileNameConverter.ToPath())
                .setExecutionExceptionHandler(
                        (fault, command, parsed) -> {
                            command.getErr()
                                    .println(
                                            "ringtail bench: "
                                                    + (fault instanceof InterruptedException
                                                            ? "interrupted"
                                                            : fault.getMessage()));
                            return 1;
                        });
    }

    /// Called when no command is given.
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }
}
