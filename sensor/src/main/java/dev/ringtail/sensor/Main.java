package dev.ringtail.sensor;

import dev.ringtail.cli.FileNameConverter;
import dev.ringtail.cli.SoftwareVersion;
import dev.ringtail.cli.UsageErrorHandler;
import dev.ringtail.management.ManagementException;
import dev.ringtail.pcap.libpcap.FilterException;
import dev.ringtail.registry.RegistryException;
import dev.ringtail.sensor.config.InvalidConfigException;
import dev.ringtail.sensor.importer.ImportCommand;
import dev.ringtail.sensor.importer.ImportException;
import dev.ringtail.sensor.interfaces.InterfacesCommand;
import dev.ringtail.sensor.linux.Errno;
import dev.ringtail.sensor.linux.MissingCapabilityException;
import dev.ringtail.sensor.linux.NoSuchNamespaceException;
import dev.ringtail.sensor.linux.SyscallException;
import dev.ringtail.sensor.owntraffic.OwnTrafficException;
import dev.ringtail.sensor.publish.PublishException;
import dev.ringtail.sensor.record.RecordException;
import dev.ringtail.sensor.transmit.ForwardCommand;
import dev.ringtail.sensor.transmit.ReplayCommand;
import dev.ringtail.sensor.transmit.TransmitException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;

/// Entry point of the sensor's commands.
///
/// Exit codes: 0 fine, 1 failed, 2 wrong usage or configuration, 77 a missing capability.
@Command(
        name = "ringtail",
        mixinStandardHelpOptions = true,
        versionProvider = SoftwareVersion.class,
        description = "Captures packets into Kafka, and puts frames onto interfaces.")
public final class Main implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Main.class);
    private static final int FAILED = 1;
    private static final int WRONG_CONFIGURATION = 2;
    private static final int MISSING_CAPABILITY = 77;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    /// Runs a command and ends the process with its exit code.
    public static void main(String[] args) {
        KafkaTraffic.install();
        StopSignal stopSignal = StopSignal.install();
        int code = FAILED;
        try {
            code = commandLine(stopSignal).execute(args);
        } catch (
                Throwable fault) { // picocli catches exceptions alone; the process must end all the
            // same
            System.err.println("ringtail: internal fault: " + fault);
        }
        stopSignal.exit(code);
    }

    /// The command line, as [#main] runs it.
    public static CommandLine commandLine(StopSignal stopSignal) {
        return new CommandLine(new Main())
                .addSubcommand(new SensorCommand(stopSignal))
                .addSubcommand(new InterfacesCommand())
                .addSubcommand(new ImportCommand(stopSignal))
                .addSubcommand(new ReplayCommand(stopSignal))
                .addSubcommand(new ForwardCommand(stopSignal))
                .setParameterExceptionHandler(new UsageErrorHandler())
                .registerConverter(Path.class, new FileNameConverter.ToPath())
                .setExecutionExceptionHandler(
                        (fault, command, parsed) -> {
                            if (LOGGER.isDebugEnabled()) {
                                fault.printStackTrace(command.getErr());
                            }
                            command.getErr()
                                    .println(
                                            "ringtail "
                                                    + command.getCommandName()
                                                    + ": "
                                                    + describe(fault));
                            return exitCode(fault);
                        });
    }

    /// Called when no command is given.
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }

    /// The exit code for a fault.
    public static int exitCode(Exception fault) {
        return switch (fault) {
            case MissingCapabilityException e -> MISSING_CAPABILITY;
            case InvalidConfigException e -> WRONG_CONFIGURATION;
            case FilterException e -> WRONG_CONFIGURATION;
            case NoSuchNamespaceException e -> WRONG_CONFIGURATION;
            case SyscallException e when e.errno() == Errno.ENODEV.number() -> WRONG_CONFIGURATION;
            default -> FAILED;
        };
    }

    /// A fault in words for the user.
    public static String describe(Throwable fault) {
        return switch (fault) {
            case SyscallException e -> String.valueOf(e.getMessage());
            case InvalidConfigException e -> String.valueOf(e.getMessage());
            case FilterException e -> String.valueOf(e.getMessage());
            case RecordException e -> String.valueOf(e.getMessage());
            case PublishException e -> String.valueOf(e.getMessage());
            case RegistryException e -> String.valueOf(e.getMessage());
            case OwnTrafficException e -> String.valueOf(e.getMessage());
            case ImportException e -> String.valueOf(e.getMessage());
            case TransmitException e -> String.valueOf(e.getMessage());
            case ManagementException e -> String.valueOf(e.getMessage());
            case IOException e -> String.valueOf(e);
            default -> "internal fault: " + fault + " (LOG_LEVEL=DEBUG shows where it comes from)";
        };
    }
}
