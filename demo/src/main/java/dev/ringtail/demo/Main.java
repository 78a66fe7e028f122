package dev.ringtail.demo;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The commands of this module: `ringtail demo` and `ringtail kafka`.
@Command(
        name = "ringtail",
        description = "Ringtail on one machine.",
        subcommands = {KafkaCommand.class},
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    private Main() {}

    /// Runs the command that the arguments name and ends the JVM with its exit code.
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
