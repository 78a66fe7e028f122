package dev.ringtail.sensor.config;

import dev.ringtail.management.ManagementAddress;

/// Where the management endpoint listens, under `management:`.
///
/// @param address address of this host to bind to, `0.0.0.0` or `::` for all
/// @param port TCP port; 0 for any free one
public record ManagementConfig(String address, int port) {
    private static final int MAX_PORT = 65_535;

    /// @throws InvalidConfigException where a value is out of its bounds
    public ManagementConfig {
        Bounds.check("management.port", port, 0, MAX_PORT);
        if (address.isBlank()) {
            throw new InvalidConfigException(
                    "management.address", "it is empty; 0.0.0.0 stands for all addresses");
        }
    }

    /// Both in one.
    public ManagementAddress toAddress() {
        return new ManagementAddress(address, port);
    }
}
