package dev.ringtail.bench;

import dev.ringtail.bench.micro.MicroBenchmarks;

import org.openjdk.jmh.runner.RunnerException;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

import java.util.List;

/// Entry point of the `bench` command.
@Command(
        name = "ringtail",
        mixinStandardHelpOptions = true,
        description = "Measures Ringtail's speed.")
public final class Main implements Runnable {
    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandLine.Model.CommandSpec spec;

    /// Runs a command and ends the process with its exit code.
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    /// Called when no command is given.
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }

    @Command(
            name = "bench",
            mixinStandardHelpOptions = true,
            description = "Runs the JMH benchmarks of the hot path's parts.")
    int bench(
            @Option(names = "--quick", description = "One short iteration of each: does it run?")
                    boolean quick,
            @Option(
                            names = "--only",
                            paramLabel = "NAME",
                            description = "Benchmarks whose name contains this.")
                    List<String> only)
            throws RunnerException {
        List<String> names = only == null || only.contains("micro") ? List.of() : only;
        return MicroBenchmarks.run(names, quick) ? 0 : 1;
    }
}
