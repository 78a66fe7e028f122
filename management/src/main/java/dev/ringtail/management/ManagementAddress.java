package dev.ringtail.management;

/// Where a management endpoint listens.
///
/// @param host address or name of this host to bind to; `0.0.0.0` or `::` for all of its addresses
/// @param port TCP port; 0 for any free one
public record ManagementAddress(String host, int port) {
    private static final int MAX_PORT = 65_535;

    /// @throws IllegalArgumentException where there is no host, or no such port
    public ManagementAddress {
        if (host.isBlank()) {
            throw new IllegalArgumentException("no address is given; 0.0.0.0 stands for all");
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException(
                    "port %d is not between 0 and %d".formatted(port, MAX_PORT));
        }
    }

    /// Reads `HOST:PORT`, an IPv6 address being in brackets.
    ///
    /// @throws IllegalArgumentException where the text is something else
    public static ManagementAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, Math.max(0, colon));
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (colon < 0 || (host.contains(":") && !bracketed)) {
            throw wrong(text);
        }
        try {
            return new ManagementAddress(
                    bracketed ? host.substring(1, host.length() - 1) : host,
                    Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw wrong(text);
        }
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is not HOST:PORT, such as 127.0.0.1:9464 or [::1]:9464");
    }

    /// As [#parse] reads it.
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
