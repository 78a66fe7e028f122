package dev.ringtail.sensor.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ringtail.testing.NetworkNamespace;
import dev.ringtail.testing.Privileged;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Links of a namespace as the monitor tells them, against what `ip` did and says.
@Privileged
class LinkMonitorIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final LibC libc = LibC.load();
    private final List<LinkEvent> seen = new ArrayList<>();

    @TempDir private Path folder;

    private NetworkNamespace namespace;
    private LinkMonitor monitor;

    @BeforeEach
    void open() throws Exception {
        namespace = NetworkNamespace.create();
        monitor = InNamespace.call(namespace, () -> LinkMonitor.open(libc));
    }

    @AfterEach
    void close() {
        monitor.close();
        namespace.close();
    }

    @Test
    void seesALinkFromItsBeginningToItsEnd() {
        namespace.run("ip link add v0 type veth peer name v1");
        Link made = awaitChanged(link -> link.name().equals("v0"));
        assertThat(made.kind()).isEqualTo("veth");
        assertThat(made.up()).isFalse();

        namespace.run("ip link set v1 up");
        namespace.run("ip link set v0 up");
        awaitChanged(l -> same(l, made) && l.up() && l.running() && l.lowerUp());

        namespace.run("ip link set v1 down");
        awaitChanged(l -> same(l, made) && l.up() && !l.lowerUp());

        namespace.run("ip link set v0 down");
        awaitChanged(l -> same(l, made) && !l.up());

        namespace.run("ip link set v0 name renamed0 mtu 1400");
        awaitChanged(l -> same(l, made) && l.name().equals("renamed0"));
        awaitChanged(l -> same(l, made) && l.mtuBytes() == 1400);

        namespace.run("ip link delete renamed0");
        await(event -> event instanceof LinkEvent.Gone(Link l) && same(l, made));
        assertThat(monitor.dump()).extracting(Link::name).containsExactly("lo");
    }

    @Test
    void seesAMoveToAnotherNamespaceAsAnEnd() {
        try (NetworkNamespace other = NetworkNamespace.create()) {
            namespace.run("ip link add v0 type veth peer name v1");
            Link made = awaitChanged(link -> link.name().equals("v0"));

            namespace.run("ip link set v0 netns " + other.name());

            await(event -> event instanceof LinkEvent.Gone(Link l) && same(l, made));
            Link peer = link("v1");
            assertThat(peer.lowerNetnsId()).isPresent();
            assertThat(peer.lowerIndex()).isEqualTo(made.index());
        }
    }

    @Test
    void takesAPortThatLeavesABridgeForAChangeAndNotForAnEnd() {
        namespace.run("ip link add br0 type bridge");
        namespace.run("ip link add v0 type veth peer name v1");
        int bridge = awaitChanged(link -> link.kind().equals("bridge")).index();

        namespace.run("ip link set v0 master br0");
        awaitChanged(link -> link.name().equals("v0") && link.masterIndex() == bridge);
        namespace.run("ip link set v0 nomaster");
        awaitChanged(link -> link.name().equals("v0") && link.masterIndex() == 0);
        namespace.run("ip link delete br0");
        await(event -> event instanceof LinkEvent.Gone(Link l) && l.index() == bridge);

        assertThat(seen).filteredOn(LinkEvent.Gone.class::isInstance).hasSize(1);
    }

    @Test
    void dumpsEveryLinkOfMany() throws Exception {
        runBatch(
                IntStream.range(0, 100)
                        .mapToObj(i -> "link add a%d type veth peer name b%d".formatted(i, i)));

        assertThat(monitor.dump())
                .extracting(Link::name)
                .hasSize(201)
                .contains("lo", "a0", "b0", "a99", "b99");
    }

    @Test
    void saysWhenMoreHappenedThanTheSocketHeld() throws Exception {
        namespace.run("ip link add v0 type veth peer name v1");
        // A message takes more than 512 bytes of the socket's memory.
        int changes = receiveBufferBytes() / 512;
        runBatch(
                IntStream.rangeClosed(1, changes)
                        .mapToObj(i -> "link set v0 mtu " + (1000 + i % 2)));

        await(event -> event instanceof LinkEvent.Overrun);
        assertThat(link("v0").mtuBytes()).isEqualTo(1000 + changes % 2);
        namespace.run("ip link set v0 name renamed0");
        awaitChanged(link -> link.name().equals("renamed0"));
    }

    @Test
    void agreesWithIp() throws Exception {
        namespace.run("ip link add v0 numrxqueues 3 numtxqueues 2 type veth peer name v1");
        namespace.run("ip link add br0 type bridge");
        namespace.run("ip link set v0 master br0 mtu 1300 up");
        namespace.run("ip link add vx0 type vxlan id 7 dev v1 dstport 4789");
        namespace.run("ip link set v1 gso_max_size 20000 promisc on");

        List<Link> links = monitor.dump();

        JsonNode all = new ObjectMapper().readTree(namespace.run("ip -d -j link").stdout());
        assertThat(links).hasSize(all.size());
        for (int i = 0; i < all.size(); i++) {
            Link link = links.get(i);
            JsonNode theirs = all.get(i);
            assertThat(link.index()).isEqualTo(theirs.path("ifindex").asInt());
            assertThat(link.name()).isEqualTo(theirs.path("ifname").asText());
            assertThat(link.mtuBytes()).isEqualTo(theirs.path("mtu").asInt());
            assertThat(link.kind()).isEqualTo(theirs.path("linkinfo").path("info_kind").asText());
            assertThat(link.operationalState()).hasToString(theirs.path("operstate").asText());
            assertThat(link.promiscuity()).isEqualTo(theirs.path("promiscuity").asInt());
            assertThat(link.rxQueueCount()).isEqualTo(theirs.path("num_rx_queues").asInt());
            assertThat(link.txQueueCount()).isEqualTo(theirs.path("num_tx_queues").asInt());
            assertThat(link.gsoMaxBytes()).isEqualTo(theirs.path("gso_max_size").asInt());
            assertThat(name(links, link.masterIndex())).isEqualTo(theirs.path("master").asText());
            assertThat(name(links, link.lowerIndex())).isEqualTo(theirs.path("link").asText());
            assertThat(link.up()).isEqualTo(has(theirs.path("flags"), "UP"));
            assertThat(link.lowerUp()).isEqualTo(has(theirs.path("flags"), "LOWER_UP"));
            assertThat(link.loopback()).isEqualTo(has(theirs.path("flags"), "LOOPBACK"));
        }
    }

    @Test
    void isWokenByAnotherThread() throws Exception {
        CompletableFuture<List<LinkEvent>> waiting =
                CompletableFuture.supplyAsync(
                        () -> {
                            List<LinkEvent> events = List.of(new LinkEvent.Overrun());
                            while (!events.isEmpty()) {
                                events = monitor.await((int) PATIENCE.toMillis() * 2);
                            }
                            return events;
                        });

        monitor.wake();

        assertThat(waiting.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isEmpty();
    }

    private void runBatch(Stream<String> commands) throws Exception {
        Path batch = folder.resolve("batch");
        Files.write(batch, commands.toList());
        namespace.run("ip -batch " + batch);
    }

    /// Read as lines, since a sysctl gives its value to the first read alone, and `readString`
    /// begins with one of a single byte.
    private static int receiveBufferBytes() throws Exception {
        return Integer.parseInt(
                Files.readAllLines(Path.of("/proc/sys/net/core/rmem_default")).getFirst());
    }

    private Link link(String name) {
        return monitor.dump().stream().filter(l -> l.name().equals(name)).findFirst().orElseThrow();
    }

    private Link awaitChanged(Predicate<Link> wanted) {
        LinkEvent event = await(e -> e instanceof LinkEvent.Changed(Link l) && wanted.test(l));
        return ((LinkEvent.Changed) event).link();
    }

    /// The first event that is wanted, of those that were not asked for yet.
    private LinkEvent await(Predicate<LinkEvent> wanted) {
        Instant deadline = Instant.now().plus(PATIENCE);
        int next = 0;
        while (true) {
            for (; next < seen.size(); next++) {
                if (wanted.test(seen.get(next))) {
                    return seen.get(next);
                }
            }
            assertThat(Instant.now()).as("no such event among %s", seen).isBefore(deadline);
            seen.addAll(monitor.await(1_000));
        }
    }

    private static boolean same(Link link, Link other) {
        return link.index() == other.index();
    }

    private static String name(List<Link> links, int index) {
        return links.stream()
                .filter(l -> l.index() == index)
                .map(Link::name)
                .findFirst()
                .orElse("");
    }

    private static boolean has(JsonNode flags, String wanted) {
        for (JsonNode flag : flags) {
            if (flag.asText().equals(wanted)) {
                return true;
            }
        }
        return false;
    }
}
