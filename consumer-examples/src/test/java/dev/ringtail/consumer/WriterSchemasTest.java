package dev.ringtail.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.ringtail.consumer.testing.KafkaArguments;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class WriterSchemasTest {
    private static final int THREADS = 4;
    private static final byte[] ANSWER =
            "{\"schema\": \"\\\"string\\\"\"}".getBytes(StandardCharsets.UTF_8);

    @TempDir private Path folder;
    private final AtomicInteger requests = new AtomicInteger();
    private final List<Thread> askers = new CopyOnWriteArrayList<>();

    /// As the threads of the flow analysis do.
    @Test
    void asksTheRegistryOnceHoweverManyThreadsAsk() throws Exception {
        HttpServer registry =
                HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        registry.createContext("/", this::answerWhenAllAsk);
        registry.start();
        try {
            WriterSchemas schemas = new WriterSchemas(kafka(registry));
            Callable<String> ask = () -> String.valueOf(schemas.findRegistered(7));
            List<FutureTask<String>> asked = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                FutureTask<String> task = new FutureTask<>(ask);
                asked.add(task);
                askers.add(new Thread(task, "asker-" + i));
            }
            askers.forEach(Thread::start);

            for (FutureTask<String> task : asked) {
                assertThat(task.get(60, TimeUnit.SECONDS)).isEqualTo("\"string\"");
            }
            assertThat(requests).hasValue(1);
        } finally {
            registry.stop(0);
        }
    }

    /// Holds the answer back until every thread waits: for it, for its own, or for its turn.
    private void answerWhenAllAsk(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> askers.stream().allMatch(WriterSchemasTest::waits));
        exchange.sendResponseHeaders(200, ANSWER.length);
        exchange.getResponseBody().write(ANSWER);
        exchange.close();
    }

    private static boolean waits(Thread asker) {
        return switch (asker.getState()) {
            case BLOCKED, WAITING, TIMED_WAITING, TERMINATED -> true;
            case NEW, RUNNABLE -> false;
        };
    }

    private KafkaOptions kafka(HttpServer registry) throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("client.properties"),
                        "schema.registry.url=http://127.0.0.1:" + registry.getAddress().getPort());
        return KafkaArguments.parse(
                "--bootstrap-server", "127.0.0.1:1", "--kafka-config", file.toString());
    }
}
