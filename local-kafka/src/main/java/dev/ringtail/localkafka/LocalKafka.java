package dev.ringtail.localkafka;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/// A running Kafka of one node, broker and KRaft controller in one, inside this JVM. It listens on
/// the loopback address alone, without encryption or credentials.
///
/// Topics, offsets and transactions stay in the data folder and are there again when a later start
/// is given the same folder. The folder must outlive the broker: Kafka halts the JVM when it can no
/// longer write there.
///
/// Starts in a second or two; transactions and exactly-once Streams work. All methods may be called
/// from any thread.
public final class LocalKafka implements AutoCloseable {
    private static final int BIND_ATTEMPTS = 5;

    private final KafkaRaftServer server;
    private final int port;
    private final FolderLock lock;
    private boolean closed;

    private LocalKafka(KafkaRaftServer server, int port, FolderLock lock) {
        this.server = server;
        this.port = port;
        this.lock = lock;
    }

    /// Starts a broker and returns once clients can use it.
    ///
    /// @param dataFolder where it keeps its data; made, and formatted, when it is not there yet
    /// @param port TCP port to listen on, or 0 for any free one
    /// @param overrides Kafka's own broker settings, which win over the ones made here
    /// @throws LocalKafkaException when the port is taken, the folder can't be used or is another
    ///   Kafka's, or Kafka refuses a setting
    public static LocalKafka start(Path dataFolder, int port, Map<String, String> overrides) {
        if (port != 0 && !LoopbackPorts.isFree(port)) {
            throw portTaken(port, null);
        }
        FolderLock lock = FolderLock.take(dataFolder);
        try {
            return start(dataFolder, port, overrides, lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static LocalKafka start(
            Path dataFolder, int port, Map<String, String> overrides, FolderLock lock) {
        for (int attempt = 1; ; attempt++) {
            int[] free = LoopbackPorts.free(2);
            int brokerPort = port != 0 ? port : free[0];
            Properties properties = BrokerProperties.of(dataFolder, brokerPort, free[1], overrides);
            try {
                return new LocalKafka(startServer(dataFolder, properties), brokerPort, lock);
            } catch (RuntimeException e) {
                if (!isBindFailure(e)) {
                    throw new LocalKafkaException(
                            "Kafka did not start in " + dataFolder + ": " + innermostMessage(e), e);
                }
                // Somebody took a free port between our look and Kafka's bind.
                if (attempt == BIND_ATTEMPTS) {
                    throw portTaken(brokerPort, e);
                }
            }
        }
    }

    /// Whether nothing listens on `port` of the loopback address at this moment.
    public static boolean isPortFree(int port) {
        return LoopbackPorts.isFree(port);
    }

    /// The `bootstrap.servers` of this broker: one `HOST:PORT`.
    public String bootstrapServers() {
        return LoopbackPorts.ADDRESS + ":" + port;
    }

    /// The TCP port that the broker listens on.
    public int port() {
        return port;
    }

    /// Stops the broker in order and waits until it is down. Does nothing the second time.
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            try (lock) {
                stop(server);
            }
        }
    }

    private static KafkaRaftServer startServer(Path dataFolder, Properties properties) {
        format(dataFolder);
        KafkaRaftServer server =
                new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        try {
            server.startup();
            return server;
        } catch (RuntimeException e) {
            stop(server);
            throw e;
        }
    }

    /// Writes `meta.properties` and the first metadata snapshot, unless an earlier start did.
    private static void format(Path dataFolder) {
        try {
            if (Files.exists(dataFolder.resolve("meta.properties"))) {
                return;
            }
            PrintStream quiet =
                    new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
            new Formatter()
                    .setPrintStream(quiet)
                    .setNodeId(BrokerProperties.NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName(BrokerProperties.CONTROLLER_LISTENER)
                    .addDirectory(dataFolder.toString())
                    .setMetadataLogDirectory(dataFolder.toString())
                    .run();
        } catch (IOException e) {
            throw new LocalKafkaException(
                    "Cannot keep Kafka's data in " + dataFolder + ": " + e, e);
        } catch (Exception e) { // the signature of Formatter.run
            throw new LocalKafkaException(
                    "Cannot format " + dataFolder + " for Kafka: " + e.getMessage(), e);
        }
    }

    private static void stop(KafkaRaftServer server) {
        server.shutdown();
        server.awaitShutdown();
    }

    private static boolean isBindFailure(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    private static String innermostMessage(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return String.valueOf(innermost.getMessage());
    }

    private static LocalKafkaException portTaken(int port, @Nullable Throwable cause) {
        return new LocalKafkaException(
                "TCP port "
                        + port
                        + " of "
                        + LoopbackPorts.ADDRESS
                        + " is taken by another process; choose another port, or 0 for any free"
                        + " one",
                cause);
    }
}
