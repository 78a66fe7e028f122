package dev.ringtail.cli;

import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;

/// Tells a listener that speaks TLS from one that does not.
///
/// Kafka's clients, told of no TLS, take the alert with which such a listener answers for the
/// length of a response, and set hundreds of megabytes aside for it: where there are none the JVM
/// ends without a word of why ([KAFKA-4493](https://issues.apache.org/jira/browse/KAFKA-4493)).
public final class TlsProbe {
    private static final int TIMEOUT_MS = 2_000;

    /// Type of an alert's record, the first byte of it (RFC 8446, B.1).
    private static final int ALERT = 21;

    /// A request of 10 bytes that any Kafka answers, whoever asks: ApiVersions (18), version 0,
    /// correlation id 0, no client id.
    private static final byte[] REQUEST = {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 0, -1, -1};

    private TlsProbe() {}

    /// Finds out whether a broker speaks TLS that is not to be spoken to by TLS. Does nothing where
    /// it is, or where that is for Kafka's `config.providers` to look up.
    ///
    /// @param brokers as [BrokerList] takes them
    /// @param securityProtocol how Kafka's clients are to speak
    /// @throws IllegalArgumentException if one does
    public static void check(String brokers, String securityProtocol) {
        if (securityProtocol.toUpperCase(Locale.ROOT).endsWith("SSL")
                || securityProtocol.contains("${")) {
            return;
        }
        for (String entry : brokers.split(",", -1)) {
            String broker = entry.strip();
            @Nullable String host = Utils.getHost(broker);
            @Nullable Integer port = Utils.getPort(broker);
            if (host != null && port != null && speaksTls(host, port)) {
                throw new IllegalArgumentException(
                        "Kafka at %s speaks TLS, and security.protocol is %s; set it to SSL or SASL_SSL"
                                .formatted(broker, securityProtocol));
            }
        }
    }

    /// Whether a request in the clear is answered by an alert of TLS; false also where nobody
    /// answers within seconds, of which Kafka's client tells.
    private static boolean speaksTls(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getAllByName(host)[0], port), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write(REQUEST);
            return socket.getInputStream().read() == ALERT;
        } catch (IOException e) {
            return false;
        }
    }
}
