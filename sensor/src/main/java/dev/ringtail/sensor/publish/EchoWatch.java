package dev.ringtail.sensor.publish;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/// Notices when a session captures what it publishes: then every packet makes others, without end.
///
/// It looks for the first bytes of the session's batches, up to the session's id, in the packets of
/// a batch: nothing else holds them. They stay readable in Kafka's protocol where batches are not
/// compressed, or by lz4 or snappy, which leave in place what they meet first; not under TLS, gzip
/// or zstd. Publisher thread only.
final class EchoWatch {
    private static final Logger LOGGER = LoggerFactory.getLogger(EchoWatch.class);

    /// One batch in this time is looked at, so that the search takes no share of a busy thread.
    private static final long INTERVAL_NS = Duration.ofMillis(100).toNanos();

    private final byte[] sessionId;
    private long nextNs = System.nanoTime();
    private boolean heard;

    EchoWatch(String sessionId) {
        this.sessionId = sessionId.getBytes(StandardCharsets.UTF_8);
    }

    /// Looks at a batch of this session if it is time to, and warns of the first echo.
    ///
    /// @param value the record's value
    /// @param nowNs monotonic time
    void inspect(byte[] value, long nowNs) {
        if (heard || nowNs - nextNs < 0) {
            return;
        }
        nextNs = nowNs + INTERVAL_NS;
        int headEnd = indexOf(value, sessionId, 0) + sessionId.length;
        heard = indexOf(value, Arrays.copyOf(value, headEnd), 1) >= 0;
        if (heard) {
            LOGGER.atWarn()
                    .log(
                            "captured packets hold what this session has published, so each makes"
                                    + " others: the way to Kafka, or a consumer's, passes a"
                                    + " captured interface with the sensor's own address or port"
                                    + " translated; leave it out with a filter, such as 'not (host"
                                    + " BROKER and tcp port 9092)'");
        }
    }

    /// Whether there was an echo.
    boolean heard() {
        return heard;
    }

    private static int indexOf(byte[] bytes, byte[] wanted, int from) {
        for (int i = from; i <= bytes.length - wanted.length; i++) {
            if (bytes[i] == wanted[0]
                    && Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }
}
