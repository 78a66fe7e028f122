package dev.ringtail.demo;

import dev.ringtail.cli.FileNameConverter;
import dev.ringtail.cli.SoftwareVersion;
import dev.ringtail.cli.UsageErrorHandler;
import dev.ringtail.consumer.CommandException;
import dev.ringtail.localkafka.LocalKafkaException;
import dev.ringtail.sensor.KafkaTraffic;
import dev.ringtail.sensor.StopSignal;
import dev.ringtail.sensor.config.InvalidConfigException;
import dev.ringtail.sensor.linux.MissingCapabilityException;
import dev.ringtail.sensor.linux.SyscallException;
import dev.ringtail.sensor.publish.PublishException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;

/// Entry point of `ringtail demo` and `ringtail kafka`.
///
/// Exit codes: 0 fine, 1 failed, 2 wrong usage or configuration, 77 a missing capability.
@Command(
        name = "ringtail",
        mixinStandardHelpOptions = true,
        versionProvider = SoftwareVersion.class,
        description = "All of Ringtail on one machine.")
public final class Main implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Main.class);

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    private Main() {}

    /// Runs a command and ends the process with its exit code.
    public static void main(String[] args) {
        KafkaTraffic.install();
        StopSignal stopSignal = StopSignal.install();
        stopSignal.exit(commandLine(stopSignal).execute(args));
    }

    /// The command line, as [#main] runs it.
    public static CommandLine commandLine(StopSignal stopSignal) {
        return new CommandLine(new Main())
                .addSubcommand(new DemoCommand(stopSignal))
                .addSubcommand(new KafkaCommand(stopSignal))
                .setParameterExceptionHandler(new UsageErrorHandler())
                .registerConverter(Path.class, new FileNameConverter.ToPath())
                .setExecutionExceptionHandler(
                        (fault, command, parsed) -> {
                            LOGGER.debug("command failed", fault);
                            command.getErr()
                                    .println(
                                            "ringtail "
                                                    + command.getCommandName()
                                                    + ": "
                                                    + describe(fault));
                            return dev.ringtail.sensor.Main.exitCode(fault);
                        });
    }

    /// Called when no command is given.
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }

    private static String describe(Exception fault) {
        return switch (fault) {
            case DemoException e -> String.valueOf(e.getMessage());
            case LocalKafkaException e -> String.valueOf(e.getMessage());
            case CommandException e -> String.valueOf(e.getMessage());
            case MissingCapabilityException e -> e.getMessage() + withoutPrivileges();
            case SyscallException e -> String.valueOf(e.getMessage());
            case InvalidConfigException e -> String.valueOf(e.getMessage());
            case PublishException e -> String.valueOf(e.getMessage());
            default -> "internal fault: " + fault + " (LOG_LEVEL=DEBUG shows where it comes from)";
        };
    }

    private static String withoutPrivileges() {
        return System.lineSeparator()
                + "Where user namespaces are allowed, the demo runs without it in a network of its"
                + " own:"
                + System.lineSeparator()
                + "  unshare -rn sh -c 'ip link set lo up && ./ringtail demo'";
    }
}
