package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import dev.ringtail.registry.RegistryServer;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.sensor.Sensor;
import dev.ringtail.sensor.publish.PublishException;
import dev.ringtail.sensor.publish.SessionFormat;
import dev.ringtail.testing.Frames;
import dev.ringtail.testing.Privileged;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/// A sensor whose schema registry is not there at the start, and is gone later.
@Privileged
@Timeout(120)
class RegistryCaptureIT {
    private static final byte[] FRAME = Frames.ethernet("0800", Frames.ipv4(17, 0, Frames.UDP));

    @TempDir private Path folder;
    private final Logger logger = (Logger) LoggerFactory.getLogger(SessionFormat.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void endListening() {
        logger.detachAppender(log);
    }

    @Test
    void waitsForTheRegistryAndNeedsItNoMore() throws Exception {
        CaptureLab.run(folder, this::waitAndCapture);
    }

    private void waitAndCapture(CaptureLab lab) throws IOException {
        int port = RegistryServer.freePort();
        AtomicReference<RegistryServer> server = new AtomicReference<>();
        try {
            Sensor sensor =
                    lab.startSensor(
                            config -> config.kafka("schema.registry.url", RegistryServer.url(port)),
                            pause -> {
                                server.set(startServer(port));
                                return false;
                            });
            assertThat(log.list.getFirst().getFormattedMessage())
                    .isEqualTo("waiting for the schema registry; nothing is captured yet");
            assertThat(log.list.getFirst().getKeyValuePairs().toString())
                    .contains("Schema registry can't be reached")
                    .contains("127.0.0.1:" + port);
            lab.send(Collections.nCopies(5, FRAME));
            await().until(() -> acknowledged(sensor.snapshot()) == 5);
            server.get().close();

            lab.send(Collections.nCopies(4, FRAME));
            await().until(() -> acknowledged(sensor.snapshot()) == 9);

            assertThat(acknowledged(CaptureLab.stopBalanced(sensor))).isEqualTo(9);
        } finally {
            if (server.get() != null) {
                server.get().close();
            }
        }
    }

    @Test
    void endsTheWaitWhenItIsToldTo() throws Exception {
        CaptureLab.run(
                folder,
                lab ->
                        assertThatThrownBy(
                                        () ->
                                                lab.startSensor(
                                                        config ->
                                                                config.kafka(
                                                                        "schema.registry.url",
                                                                        RegistryServer.url(
                                                                                RegistryServer
                                                                                        .freePort())),
                                                        pause -> true))
                                .isInstanceOf(PublishException.class)
                                .hasMessageContaining("nothing was captured"));
    }

    private RegistryServer startServer(int port) {
        try {
            return RegistryServer.start(Files.createTempDirectory(folder, "log"), port, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long acknowledged(SensorReport report) {
        return report.getLanes().stream()
                .map(LaneLedger::getAcknowledged)
                .mapToLong(t -> t.getPackets())
                .sum();
    }
}
