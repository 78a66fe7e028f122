package dev.ringtail.sensor.transmit;

import dev.ringtail.sensor.config.InvalidConfigException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where to forward to, as `--to` has it.
sealed interface Destination {
    /// Another interface, by name.
    record Interface(String name) implements Destination {
        @Override
        public String toString() {
            return name;
        }
    }

    /// A receiver of VXLAN datagrams, its name resolved already.
    record Udp(InetSocketAddress address) implements Destination {
        @Override
        public String toString() {
            return "udp:%s:%d".formatted(address.getHostString(), address.getPort());
        }
    }

    /// UDP port of VXLAN (RFC 7348).
    int VXLAN_PORT = 4789;

    /// An IPv6 address stands in brackets, since it has colons of its own.
    Pattern UDP = Pattern.compile("udp:(?:\\[([^]]+)]|([^:\\[\\]]+))(?::(\\d{1,5}))?");

    /// Reads `IF`, `udp:HOST`, `udp:HOST:PORT` or `udp:[IPV6]:PORT`, and looks the host up.
    ///
    /// @throws InvalidConfigException for anything else, and a host that is not known
    static Destination parse(String text) {
        if (!text.startsWith("udp:")) {
            return new Interface(text);
        }
        Matcher matcher = UDP.matcher(text);
        int port = VXLAN_PORT;
        if (matcher.matches() && matcher.group(3) != null) {
            port = Integer.parseInt(matcher.group(3));
        }
        if (!matcher.matches() || port < 1 || port > 65_535) {
            throw new InvalidConfigException(
                    "--to",
                    "'%s' is not udp:HOST, udp:HOST:PORT or udp:[IPV6]:PORT, with a port from 1 to 65535"
                            .formatted(text));
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        try {
            return new Udp(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (UnknownHostException e) {
            throw new InvalidConfigException("--to", "host '" + host + "' is not known");
        }
    }
}
