package dev.ringtail.sensor.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.management.ManagementAddress;
import dev.ringtail.management.ManagementServer;
import dev.ringtail.schema.InterfaceReport;
import dev.ringtail.sensor.capture.InterfaceState;
import dev.ringtail.sensor.delivery.DeliveryTrouble;
import dev.ringtail.sensor.delivery.SinkStatus;
import dev.ringtail.sensor.ledger.BatchFacts;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ledger.LaneTerm;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.ledger.SessionFacts;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What a scraper and a prober read of a sensor, over HTTP.
class ManagedSensorTest {
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:30Z");
    private static final long NOW_NS = Ledger.nanosecondsOf(NOW);
    private static final long SECOND_NS = 1_000_000_000L;

    private final Ledger ledger =
            new Ledger(
                    new SessionFacts("alpha", "s1", "host", "ringtail 0.1", 5, 16, ""), () -> NOW);
    private final HttpClient client = HttpClient.newHttpClient();
    private final ManagementServer server =
            ManagementServer.start(ManagementAddress.parse("127.0.0.1:0"), "ringtail 0.1");

    private List<InterfaceState> interfaces = List.of(new InterfaceState("eth0", true, true, true));
    private SinkStatus sink = SinkStatus.IDLE;
    private @Nullable Throwable failure;

    @AfterEach
    void close() {
        server.close();
        client.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        server.watch(
                new ManagedSensor(
                        () ->
                                new SensorState(
                                        ledger.snapshot(false),
                                        interfaces,
                                        ledger.delivery().newestPacketNs(),
                                        sink,
                                        failure)));
        return client.send(
                HttpRequest.newBuilder(URI.create("http://" + server.address() + path)).build(),
                BodyHandlers.ofString());
    }

    private List<String> metrics() throws Exception {
        return get("/metrics").body().lines().filter(l -> l.startsWith("ringtail_")).toList();
    }

    @Test
    void everyTermOfTheLedgerIsThere() throws Exception {
        LaneCounters lane = ledger.addLane(3, "eth0");
        lane.kernel(100, 10, 2);
        lane.rollover(6, 5, 4);
        lane.received(90, 9000);
        lane.published(40, 4000);
        lane.excluded(LaneTerm.EXCLUDED_OWN_TRAFFIC, 20, 2000);
        lane.excluded(LaneTerm.EXCLUDED_OUTGOING, 10, 1000);
        lane.excluded(LaneTerm.EXCLUDED_SAMPLED_OUT, 7, 700);
        lane.excluded(LaneTerm.EXCLUDED_STALE_FILTER, 3, 300);
        lane.malformed(5, 500);
        lane.shed("drain", 1, 100);
        lane.pending(15, 1400);
        lane.cut(1, 100);
        BatchFacts first = batch(1, 25, NOW_NS - SECOND_NS);
        BatchFacts second = batch(26, 9, NOW_NS - 2 * SECOND_NS);
        BatchFacts third = batch(35, 2, NOW_NS - 3 * SECOND_NS);
        List.of(first, second, third).forEach(ledger.delivery()::taken);
        ledger.delivery().acknowledged(first);
        ledger.delivery().rejected(second, "RecordTooLargeException");
        ledger.delivery().unknown(third);
        sink = new SinkStatus(Duration.ofMillis(1500), List.of());
        ledger.interfaceSource(() -> List.of(new InterfaceReport("eth0", 11L, 12L, 13L, 14L)));

        assertThat(metrics())
                .containsExactlyInAnyOrder(
                        "ringtail_build_info{version=\"ringtail 0.1\"} 1",
                        "ringtail_ready 1.0",
                        "ringtail_sensor_info{sensor=\"alpha\",session=\"s1\"} 1",
                        ofLane("kernel_packets_total", 100),
                        ofLane("kernel_drops_total", 10),
                        ofLane("ring_freezes_total", 2),
                        ofLane("rolled_over_packets_total", 6),
                        ofLane("rolled_over_huge_packets_total", 5),
                        ofLane("rollover_failed_packets_total", 4),
                        ofLane("received_packets_total", 90),
                        ofLane("received_bytes_total", 9000),
                        byReason("excluded_packets_total", "ownTraffic", 20),
                        byReason("excluded_packets_total", "outgoing", 10),
                        byReason("excluded_packets_total", "sampledOut", 7),
                        byReason("excluded_packets_total", "staleFilter", 3),
                        ofLane("malformed_packets_total", 5),
                        byReason("shed_packets_total", "drain", 1),
                        ofLane("pending_packets", 15),
                        ofLane("published_packets_total", 40),
                        ofLane("published_bytes_total", 4000),
                        ofLane("cut_packets_total", 1),
                        ofLane("acknowledged_packets_total", 25),
                        ofLane("acknowledged_bytes_total", 2500),
                        byReason("rejected_packets_total", "RecordTooLargeException", 9),
                        ofLane("unknown_packets_total", 2),
                        // What the publisher has not taken yet is on its way too.
                        ofLane("in_flight_packets", 4),
                        ofLane("spooled_packets", 0),
                        "ringtail_last_packet_timestamp_seconds{interface=\"eth0\",lane=\"3\"}"
                                + " 1.795168829E9",
                        "ringtail_publish_lag_seconds 1.5",
                        "ringtail_interface_up{interface=\"eth0\"} 1.0",
                        "ringtail_capture_gap_seconds{interface=\"eth0\"} 0.0",
                        "ringtail_interface_missed_packets_total{interface=\"eth0\"} 11.0",
                        "ringtail_interface_fifo_errors_total{interface=\"eth0\"} 12.0",
                        "ringtail_interface_dropped_packets_total{interface=\"eth0\"} 13.0",
                        "ringtail_softnet_dropped_packets_total{interface=\"eth0\"} 14.0");
    }

    private static BatchFacts batch(long firstNumber, int count, long capturedNs) {
        return new BatchFacts(3, 4, firstNumber, count, count * 100L, capturedNs, capturedNs);
    }

    private static String ofLane(String name, double value) {
        return "ringtail_%s{interface=\"eth0\",lane=\"3\"} %s".formatted(name, value);
    }

    private static String byReason(String name, String reason, double value) {
        return "ringtail_%s{interface=\"eth0\",lane=\"3\",reason=\"%s\"} %s"
                .formatted(name, reason, value);
    }

    @Test
    void lanesFollowTheNameOfTheirInterface() throws Exception {
        LaneCounters lane = ledger.addLane(0, "eth0");
        lane.received(5, 500);
        assertThat(metrics())
                .contains("ringtail_received_packets_total{interface=\"eth0\",lane=\"0\"} 5.0");

        lane.interfaceName("lan0");
        assertThat(metrics())
                .contains("ringtail_received_packets_total{interface=\"lan0\",lane=\"0\"} 5.0")
                .noneMatch(line -> line.contains("interface=\"eth0\",lane="));
    }

    @Test
    void isReadyWhileItCapturesAndPublishes() throws Exception {
        assertThat(get("/readyz").body()).isEqualTo("ok\n");
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void tellsSinceWhenAndWhyAnInterfaceIsNotCaptured() throws Exception {
        interfaces = List.of(new InterfaceState("eth0", true, true, false));
        ledger.captures().lost("eth0", NOW_NS - 30 * SECOND_NS, "it was down");

        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body())
                .isEqualTo(
                        "interface eth0: not captured since 2026-11-20T10:00:00Z: it was down\n");
        assertThat(metrics())
                .contains(
                        "ringtail_interface_up{interface=\"eth0\"} 0.0",
                        "ringtail_capture_gap_seconds{interface=\"eth0\"} 30.0");
    }

    @Test
    void doesNotMissWhatOnlyAPatternMeans() throws Exception {
        interfaces =
                List.of(
                        new InterfaceState("veth1", false, true, true),
                        new InterfaceState("veth2", false, true, false));
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void isNotReadyWhileNothingIsCaptured() throws Exception {
        interfaces = List.of();
        assertThat(get("/readyz").body()).startsWith("no interface is captured").hasLineCount(1);

        interfaces =
                List.of(
                        new InterfaceState("veth1", false, true, false),
                        new InterfaceState("veth2", false, true, false));
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).startsWith("no interface is captured").hasLineCount(1);
        assertThat(metrics()).contains("ringtail_ready 0.0");

        interfaces =
                List.of(
                        new InterfaceState("eth0", true, true, false),
                        new InterfaceState("veth2", false, true, false));
        assertThat(get("/readyz").body()).isEqualTo("interface eth0: not captured\n");
    }

    @Test
    void tellsWhatKeepsPacketsFromKafkaAndWhatHasFailed() throws Exception {
        DeliveryTrouble trouble =
                new DeliveryTrouble(
                        "topic capture.packets",
                        DeliveryTrouble.Kind.REFUSED,
                        "refused",
                        "missing",
                        Duration.ofSeconds(20));
        sink = new SinkStatus(Duration.ofSeconds(20), List.of(trouble));
        failure = new IllegalStateException("a lane ended");

        assertThat(get("/readyz").body())
                .isEqualTo("failed: a lane ended\ntopic capture.packets: refused: missing\n");
        assertThat(get("/livez").statusCode()).isEqualTo(200);
    }
}
