package dev.ringtail.demo;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// The `--port` of a command.
final class Ports {
    /// Where a Kafka is looked for first.
    static final int KAFKA = 9092;

    private static final int MAX_PORT = 65_535;

    private Ports() {}

    /// The port itself.
    ///
    /// @throws ParameterException when there is no such TCP port
    static int checked(CommandSpec spec, int port) {
        if (port < 0 || port > MAX_PORT) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--port " + port + " is no TCP port: 0 (any free one) to " + MAX_PORT);
        }
        return port;
    }
}
