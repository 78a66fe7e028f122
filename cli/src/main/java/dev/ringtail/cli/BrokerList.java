package dev.ringtail.cli;

import java.util.regex.Pattern;

/// The brokers that Kafka's clients begin with, as users write them.
public final class BrokerList {
    /// As Kafka's clients read it, so a listener's name may be in front; but IPv6 addresses have to
    /// be in brackets, or the last part of one would be taken for a port.
    private static final Pattern BROKER =
            Pattern.compile(
                    "(?:[a-zA-Z0-9_-]+://)?(?:\\[[0-9a-fA-F:.%]+]|[^\\s:\\[\\]/]+):\\d{1,5}");

    private static final int MAX_PORT = 65_535;

    private BrokerList() {}

    /// Finds out whether Kafka's clients can make something of a list; not whether anybody is
    /// there.
    ///
    /// What Kafka's `config.providers` are to look up is not known here, and taken.
    ///
    /// @param list `HOST:PORT`, several separated by commas
    /// @return the list
    /// @throws IllegalArgumentException where one of them is something else
    public static String check(String list) {
        if (list.contains("${")) {
            return list;
        }
        for (String broker : list.split(",", -1)) {
            String address = broker.strip();
            if (!BROKER.matcher(address).matches() || port(address) > MAX_PORT) {
                throw new IllegalArgumentException(
                        "'%s' is not HOST:PORT, such as kafka-1:9092 or [::1]:9092"
                                .formatted(address));
            }
        }
        return list;
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
}
