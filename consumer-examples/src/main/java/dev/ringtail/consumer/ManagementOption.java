package dev.ringtail.consumer;

import dev.ringtail.cli.SoftwareVersion;
import dev.ringtail.management.ManagementAddress;
import dev.ringtail.management.ManagementServer;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// The option of commands that may have a management endpoint; a picocli mixin.
public final class ManagementOption {
    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec command;

    @Option(
            names = "--management",
            paramLabel = "HOST:PORT",
            description =
                    "Answer /livez, /readyz and /metrics over HTTP there; 127.0.0.1:9465 is usual,"
                            + " beside a sensor's 9464.")
    private @Nullable String address;

    /// Opens the endpoint, and says where it is.
    ///
    /// @return closed by the caller; null where none is wanted
    /// @throws ParameterException if it is no address
    /// @throws dev.ringtail.management.ManagementException if it can't listen there
    public @Nullable ManagementServer open() {
        if (address == null) {
            return null;
        }
        ManagementServer endpoint = ManagementServer.start(parse(address), SoftwareVersion.get());
        command.commandLine().getErr().println("management at http://" + endpoint.address());
        return endpoint;
    }

    private ManagementAddress parse(String text) {
        try {
            return ManagementAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    command.commandLine(), "--management: " + e.getMessage(), e);
        }
    }
}
