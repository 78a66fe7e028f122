package dev.ringtail.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class ManagementServerTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private ManagementServer server;

    /// What a test lets the endpoint tell.
    private static final class Scripted implements Managed {
        List<String> troubles = List.of();
        List<String> reasons = List.of();
        long drops;

        @Override
        public List<String> troubles() {
            return troubles;
        }

        @Override
        public void collect(Samples into) {
            into.add(Metric.KERNEL_DROPS, drops, "eth0", 0);
            reasons.forEach(reason -> into.add(Metric.SHED_PACKETS, 3, "eth0", 0, reason));
            into.add(Metric.PUBLISH_LAG, 1.5);
        }
    }

    @BeforeEach
    void start() {
        server = ManagementServer.start(ManagementAddress.parse("127.0.0.1:0"), "ringtail 9.9");
    }

    @AfterEach
    void close() {
        server.close();
        client.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + server.address() + path))
                .timeout(Duration.ofSeconds(30));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    @Test
    void isNotReadyBeforeThereIsWork() throws Exception {
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).isEqualTo("starting\n");
        assertThat(get("/metrics").body())
                .contains("ringtail_build_info{version=\"ringtail 9.9\"}")
                .contains("ringtail_ready 0.0\n");
    }

    @Test
    void tellsWhyItIsNotReady() throws Exception {
        Scripted work = new Scripted();
        server.watch(work);
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").body()).isEqualTo("ok\n");

        work.troubles = List.of("interface eth0: down", "Kafka: away");
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).isEqualTo("interface eth0: down\nKafka: away\n");
        assertThat(get("/livez").statusCode()).isEqualTo(200);

        server.notReady("stopping");
        assertThat(get("/readyz").body()).isEqualTo("stopping\n");
    }

    @Test
    void countsOnWhileItIsNotReady() throws Exception {
        Scripted work = new Scripted();
        server.watch(work);
        assertThat(get("/metrics").body()).contains("ringtail_ready 1.0\n");

        server.notReady("stopping");
        server.notReady("stopping, the packets are with Kafka");
        work.drops = 7;
        work.reasons = List.of("drain");
        assertThat(get("/readyz").body()).isEqualTo("stopping, the packets are with Kafka\n");
        assertThat(get("/metrics").body())
                .contains("ringtail_ready 0.0\n")
                .contains("ringtail_kernel_drops_total{interface=\"eth0\",lane=\"0\"} 7.0\n")
                .contains("{interface=\"eth0\",lane=\"0\",reason=\"drain\"} 3.0\n");
    }

    @Test
    void namesTheFaultThatHasNoMessage() {
        assertThat(Managed.failed(new StackOverflowError()))
                .isEqualTo("failed: StackOverflowError");
        assertThat(Managed.failed(new IOException("disk"))).isEqualTo("failed: disk");
    }

    @Test
    void readsMetricsWhenAsked() throws Exception {
        Scripted work = new Scripted();
        server.watch(work);
        assertThat(get("/metrics").body())
                .contains("# TYPE ringtail_kernel_drops_total counter\n")
                .contains("ringtail_kernel_drops_total{interface=\"eth0\",lane=\"0\"} 0.0\n")
                .contains("# TYPE ringtail_publish_lag_seconds gauge\n")
                .contains("ringtail_publish_lag_seconds 1.5\n")
                .contains("# HELP ringtail_kernel_drops_total " + Metric.KERNEL_DROPS.description())
                .contains("jvm_memory_used_bytes{")
                .doesNotContain("ringtail_shed_packets_total");

        work.drops = 1L << 40;
        work.reasons = List.of("drain");
        assertThat(get("/metrics").body())
                .contains("{interface=\"eth0\",lane=\"0\"} 1.099511627776E12\n")
                .contains("{interface=\"eth0\",lane=\"0\",reason=\"drain\"} 3.0\n");

        work.reasons = List.of();
        assertThat(get("/metrics").body()).doesNotContain("ringtail_shed_packets_total");
    }

    @Test
    void writesOpenMetricsForThoseWhoAcceptIt() throws Exception {
        HttpResponse<String> text = get("/metrics");
        assertThat(text.headers().firstValue("Content-Type"))
                .hasValue("text/plain; version=0.0.4; charset=utf-8");
        HttpResponse<String> open =
                send(request("/metrics").header("Accept", "application/openmetrics-text;q=0.9"));
        assertThat(open.headers().firstValue("Content-Type"))
                .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(open.body()).endsWith("# EOF\n");
    }

    @Test
    void answersGetAndHeadAlone() throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "TRACE")) {
            HttpResponse<String> refused =
                    send(request("/metrics").method(method, HttpRequest.BodyPublishers.noBody()));
            assertThat(refused.statusCode()).as(method).isEqualTo(405);
            assertThat(refused.headers().firstValue("Allow")).hasValue("GET, HEAD");
        }
        HttpResponse<String> head =
                send(request("/livez").method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Length")).hasValue("3");
        assertThat(head.body()).isEmpty();
    }

    @Test
    void knowsNoOtherPaths() throws Exception {
        for (String path :
                List.of("/", "/metrics/", "/metricsx", "/livez/../metrics", "/packets")) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void livesOnWhenWhatItWatchesFails() throws Exception {
        server.watch(
                new Managed() {
                    @Override
                    public List<String> troubles() {
                        throw new IllegalStateException("closed");
                    }

                    @Override
                    public void collect(Samples into) {
                        throw new IllegalStateException("closed");
                    }
                });
        assertThat(get("/readyz").statusCode()).isEqualTo(500);
        assertThat(get("/metrics").statusCode()).isEqualTo(500);
        assertThat(get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void saysThatThePortIsTaken() {
        assertThatExceptionOfType(ManagementException.class)
                .isThrownBy(() -> ManagementServer.start(server.address(), ""))
                .withMessage(
                        "the management endpoint can't listen at %s: Address already in use; choose"
                                + " another address or port",
                        server.address());
    }

    @Test
    void saysThatTheAddressIsNotThisHosts() {
        // 192.0.2.0/24 is for documentation (RFC 5737).
        assertThatExceptionOfType(ManagementException.class)
                .isThrownBy(
                        () -> ManagementServer.start(ManagementAddress.parse("192.0.2.1:9464"), ""))
                .withMessageContaining("can't listen at 192.0.2.1:9464: Cannot assign");
    }

    @Test
    void slowClientsDoNotKeepOthersOut() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Socket socket =
                        new Socket(InetAddress.getLoopbackAddress(), server.address().port());
                slow.add(socket);
                sendHalfARequest(socket.getOutputStream());
            }
            assertThat(get("/livez").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void idleConnectionsDoNotKeepAProberOut() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                idle.add(new Socket(InetAddress.getLoopbackAddress(), server.address().port()));
            }
            assertThat(get("/livez").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void closesTheConnectionAfterTheAnswer() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().port())) {
            // The server ends idle connections after 30 s by itself.
            socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
            socket.getOutputStream()
                    .write(
                            "GET /livez HTTP/1.1\r\nHost: probe\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));

            String all =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(all)
                    .startsWith("HTTP/1.1 200 ")
                    .containsIgnoringCase("Connection: close\r\n")
                    .endsWith("\r\n\r\nok\n");
        }
    }

    private static void sendHalfARequest(OutputStream out) throws IOException {
        out.write("GET /livez HT".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
