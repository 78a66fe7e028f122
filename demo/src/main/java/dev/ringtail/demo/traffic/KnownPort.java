package dev.ringtail.demo.traffic;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Ports by which Wireshark knows a protocol. It looks up the lower port of a conversation first;
/// between two ports that nobody assigned it goes by whichever it happens to have in its table, and
/// calls web pages malformed EtherCAT frames when their client was given port 34980.
enum KnownPort {
    /// Binding it takes root or CAP_NET_BIND_SERVICE.
    DNS(53, "DNS"),
    /// For bulk TCP: Wireshark takes bytes at the port of FTP's data as they are. Binding it takes
    /// what DNS's takes.
    FTP_DATA(20, "FTP-DATA"),
    HTTP(8080, "HTTP");

    private final int number;
    private final String protocol;

    KnownPort(int number, String protocol) {
        this.number = number;
        this.protocol = protocol;
    }

    int number() {
        return number;
    }

    /// What to tell of a server's port: nothing where it is this one.
    String noteOf(int port) {
        return port == number
                ? ""
                : " (port %d can't be had; Wireshark: decode as %s)".formatted(number, protocol);
    }

    /// A server at this port of the address, or at any free one where this one can't be had.
    <S> S bind(InetAddress address, Binder<S> binder) throws IOException {
        try {
            return binder.bind(new InetSocketAddress(address, number));
        } catch (BindException takenOrNotAllowed) {
            return binder.bind(new InetSocketAddress(address, 0));
        }
    }

    @FunctionalInterface
    interface Binder<S> {
        S bind(InetSocketAddress address) throws IOException;
    }
}
