package dev.ringtail.management;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// A management endpoint over HTTP, for GET and HEAD alone:
///
/// | path | answer |
/// | --- | --- |
/// | `/livez` | 200 while the process answers at all |
/// | `/readyz` | 200 `ok` while the work is done, else 503 and why not, a line each |
/// | `/metrics` | the metrics, in Prometheus's text format, or as OpenMetrics for those who accept it |
///
/// A request has a thread while it is answered, so that a slow client keeps nobody waiting; there
/// are at most 256 of them, as of connections, and the time that a client may take is bounded too.
/// A connection is closed after its answer: those that clients keep would leave none to a prober.
/// Methods may be called from any thread.
public final class ManagementServer implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ManagementServer.class);

    private static final int MAX_CONNECTIONS = 256;
    private static final int IDLE_SECONDS = 30;
    private static final int MAX_REQUEST_SECONDS = 10;
    private static final String PLAIN_TEXT = "text/plain; charset=utf-8";

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int FAULT = 500;
    private static final int UNAVAILABLE = 503;

    static {
        // The JDK's server (module jdk.httpserver) has its limits from properties alone, which it
        // reads once; by default a client may take for ever.
        limit("sun.net.httpserver.maxReqTime", MAX_REQUEST_SECONDS);
        limit("sun.net.httpserver.maxRspTime", MAX_REQUEST_SECONDS);
        limit("jdk.httpserver.maxConnections", MAX_CONNECTIONS);
    }

    private final HttpServer http;
    private final ThreadPoolExecutor threads;
    private final MetricsPage metrics;
    private Managed work = new Nothing();
    private volatile Managed managed = new Unready("starting", work);

    /// An answer.
    ///
    /// @param body text, which a HEAD does not get
    private record Answer(int status, String mediaType, String body) {
        static Answer text(int status, String text) {
            return new Answer(status, PLAIN_TEXT, text + "\n");
        }
    }

    /// What there is to tell of before any work.
    private record Nothing() implements Managed {
        @Override
        public List<String> troubles() {
            return List.of();
        }

        @Override
        public void collect(Samples into) {}
    }

    /// Work that has not begun or that ends: it counts on, as its last packets may be lost then.
    private record Unready(String reason, Managed work) implements Managed {
        @Override
        public List<String> troubles() {
            return List.of(reason);
        }

        @Override
        public void collect(Samples into) {
            work.collect(into);
        }
    }

    private ManagementServer(HttpServer http, String version) {
        this.http = http;
        this.metrics = new MetricsPage(version);
        this.threads =
                new ThreadPoolExecutor(
                        1,
                        MAX_CONNECTIONS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        Thread.ofPlatform().daemon().name("rt-manage-", 1).factory());
    }

    private static void limit(String property, int value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }

    /// Listens and answers from now on; not ready as long as nothing is [#watch]ed. Its threads
    /// have the capabilities of the one that calls.
    ///
    /// @param version version of the software
    /// @throws ManagementException where it can't listen there
    public static ManagementServer start(ManagementAddress address, String version) {
        ManagementServer server = new ManagementServer(listen(address), version);
        server.http.setExecutor(server.threads);
        server.http.createContext("/", server::handle);
        server.http.start();
        return server;
    }

    private static HttpServer listen(ManagementAddress address) {
        try {
            return HttpServer.create(
                    new InetSocketAddress(InetAddress.getByName(address.host()), address.port()),
                    0);
        } catch (UnknownHostException e) {
            throw failed(address, "there is no such host", e);
        } catch (IOException e) {
            // BindException: in use, not this host's, or not allowed; the message says which.
            throw failed(address, String.valueOf(e.getMessage()), e);
        }
    }

    private static ManagementException failed(
            ManagementAddress address, String problem, IOException e) {
        return new ManagementException(
                "the management endpoint can't listen at %s: %s; choose another address or port"
                        .formatted(address, problem),
                e);
    }

    /// Where it listens, the port being the real one.
    public ManagementAddress address() {
        InetSocketAddress bound = http.getAddress();
        return new ManagementAddress(bound.getAddress().getHostAddress(), bound.getPort());
    }

    /// Tells of this from now on.
    public synchronized void watch(Managed next) {
        work = next;
        managed = next;
    }

    /// Tells from now on that it is not ready, whatever is watched says: the process starts or
    /// stops. Metrics are those of what is watched, as before.
    ///
    /// @param reason why, in a line
    public synchronized void notReady(String reason) {
        managed = new Unready(reason, work);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            boolean head = method.equals("HEAD");
            Answer answer;
            if (head || method.equals("GET")) {
                answer = answer(exchange);
            } else {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                answer = Answer.text(METHOD_NOT_ALLOWED, "GET and HEAD alone");
            }
            exchange.getResponseHeaders().set("Content-Type", answer.mediaType());
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders().set("Connection", "close");
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            if (head) {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
                exchange.sendResponseHeaders(answer.status(), -1);
            } else {
                exchange.sendResponseHeaders(answer.status(), body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private Answer answer(HttpExchange exchange) {
        try {
            return switch (exchange.getRequestURI().getPath()) {
                case "/livez" -> Answer.text(OK, "ok");
                case "/readyz" -> readiness(managed.troubles());
                case "/metrics" -> metrics(exchange);
                default -> Answer.text(NOT_FOUND, "there are /livez, /readyz and /metrics");
            };
        } catch (RuntimeException e) {
            // What is watched may end at any moment.
            LOGGER.debug("a request failed", e);
            return Answer.text(FAULT, "failed; the log tells at LOG_LEVEL=DEBUG");
        }
    }

    private static Answer readiness(List<String> troubles) {
        return troubles.isEmpty()
                ? Answer.text(OK, "ok")
                : Answer.text(UNAVAILABLE, String.join("\n", troubles));
    }

    private Answer metrics(HttpExchange exchange) {
        List<String> accepted = exchange.getRequestHeaders().getOrDefault("Accept", List.of());
        boolean open = accepted.stream().anyMatch(a -> a.contains("application/openmetrics-text"));
        String mediaType = open ? MetricsPage.OPEN_METRICS : MetricsPage.TEXT;
        return new Answer(OK, mediaType, metrics.read(managed, mediaType));
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
        metrics.close();
    }
}
