package dev.ringtail.consumer;

import dev.ringtail.cli.FileNameConverter;
import dev.ringtail.cli.KafkaFaults;
import dev.ringtail.cli.SoftwareVersion;
import dev.ringtail.cli.UsageErrorHandler;
import dev.ringtail.consumer.export.ExportCommand;
import dev.ringtail.consumer.flows.FlowsCommand;
import dev.ringtail.consumer.verify.VerifyCommand;
import dev.ringtail.management.ManagementException;

import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;

/// Entry point of the consumers' commands.
///
/// Exit codes: 0 fine, 1 failed, 2 wrong usage or configuration, 77 a missing capability.
@Command(
        name = "ringtail",
        mixinStandardHelpOptions = true,
        versionProvider = SoftwareVersion.class,
        description = "Reads what Ringtail's sensors captured into Kafka.",
        subcommands = {ExportCommand.class, VerifyCommand.class, FlowsCommand.class})
public final class Main implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Main.class);

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    /// Runs a command and ends the process with its exit code.
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /// The command line, as [#main] runs it; for tests and for other launchers.
    public static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler(reportFault())
                .setParameterExceptionHandler(new UsageErrorHandler())
                .registerConverter(Path.class, new FileNameConverter.ToPath())
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /// Called when no subcommand is given.
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }

    /// Faults reach the user as one line; the stack trace follows at LOG_LEVEL=DEBUG.
    private static IExecutionExceptionHandler reportFault() {
        return (fault, command, parsed) -> {
            if (LOGGER.isDebugEnabled()) {
                fault.printStackTrace(command.getErr());
            }
            command.getErr()
                    .println("ringtail " + command.getCommandName() + ": " + describe(fault));
            return CommandLine.ExitCode.SOFTWARE;
        };
    }

    private static String describe(Exception fault) {
        if (fault instanceof CommandException || fault instanceof ManagementException) {
            return String.valueOf(fault.getMessage());
        }
        if (fault instanceof KafkaException) {
            return "Kafka: " + KafkaFaults.describe(fault);
        }
        return "internal fault: " + fault + " (run with LOG_LEVEL=DEBUG for the stack trace)";
    }
}
