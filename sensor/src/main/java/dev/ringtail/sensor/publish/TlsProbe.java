package dev.ringtail.sensor.publish;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/// Tells a listener that speaks TLS from one that does not.
///
/// Kafka's clients, told of no TLS, take the alert with which such a listener answers for the
/// length of a response, and set hundreds of megabytes aside for it: where there are none the JVM
/// ends without a word of why ([KAFKA-4493](https://issues.apache.org/jira/browse/KAFKA-4493)).
final class TlsProbe {
    private static final int TIMEOUT_MS = 2_000;

    /// Type of an alert's record, the first byte of it (RFC 8446, B.1).
    private static final int ALERT = 21;

    /// A request of 10 bytes that any Kafka answers, whoever asks: ApiVersions (18), version 0,
    /// correlation id 0, no client id.
    private static final byte[] REQUEST = {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 0, -1, -1};

    private TlsProbe() {}

    /// Whether a request in the clear is answered by an alert of TLS; false also where nobody
    /// answers within seconds, of which Kafka's client tells.
    static boolean speaksTls(String host, int port) {
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
