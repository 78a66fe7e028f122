package dev.ringtail.sensor.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ringtail.schema.InterfaceReport;
import dev.ringtail.testing.Frames;
import dev.ringtail.testing.NetworkNamespace;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

// R10
/// Losses before the packet socket, made in a namespace, against what `ip` says of them.
@Privileged
class InterfaceCountersIT {
    private static final InterfaceReport NO_EARLIER = new InterfaceReport("v0", 0L, 0L, 0L, 0L);

    /// A type that nothing takes: the kernel counts such frames in `rx_dropped`.
    private static final byte[] UNKNOWN = Frames.ethernet("88b5", "0102 0304");

    /// A UDP packet with the header's checksum, without which no rule is asked.
    private static final byte[] BROADCAST =
            Frames.bytes(
                    "ffffffffffff 020000000001 0800",
                    "4500 0020 0001 0000 4011 66ca 0a000001 0a000002",
                    "1234 0035 000c 0000 01020304");

    private static final int SENDERS = 16;

    private final LibC libc = LibC.load();
    private final NetworkNamespace namespace = NetworkNamespace.create();
    private LinkStatistics statistics;

    @TempDir private Path folder;

    @BeforeEach
    void open() throws Exception {
        makePair(namespace);
        statistics = InNamespace.call(namespace, () -> LinkStatistics.open(libc));
    }

    @AfterEach
    void close() {
        statistics.close();
        namespace.close();
    }

    @Test
    void countsInTheNamespaceOfTheSocketAndNotInAnother() throws Exception {
        try (NetworkNamespace other = NetworkNamespace.create()) {
            makePair(other);
            InterfaceCounters counters = counters();
            assertThat(target(other).index()).isEqualTo(target().index());

            send(other, UNKNOWN, 3);
            assertThat(counters.since(NO_EARLIER).getRxDropped()).isZero();
            send(namespace, UNKNOWN, 7);
            assertThat(counters.since(NO_EARLIER).getRxDropped()).isEqualTo(7);
            send(namespace, UNKNOWN, 5);
            assertThat(counters.since(NO_EARLIER).getRxDropped())
                    .isEqualTo(12)
                    .isEqualTo(droppedAccordingToIp());
        }
    }

    @Test
    void countsFromItsBeginningAndAddsWhatWasBefore() throws Exception {
        send(namespace, UNKNOWN, 4);
        InterfaceCounters counters = counters();
        send(namespace, UNKNOWN, 2);

        assertThat(counters.since(new InterfaceReport("v0", 10L, 20L, 30L, 0L)))
                .satisfies(
                        sum -> {
                            assertThat(sum.getRxMissed()).isEqualTo(10);
                            assertThat(sum.getRxFifo()).isEqualTo(20);
                            assertThat(sum.getRxDropped()).isEqualTo(32);
                        });
    }

    @Test
    void keepsTheLastCountsOfADeviceThatIsGone() throws Exception {
        InterfaceCounters counters = counters();
        send(namespace, UNKNOWN, 7);
        assertThat(counters.since(NO_EARLIER).getRxDropped()).isEqualTo(7);

        namespace.run("ip link delete v0");

        assertThat(counters.since(NO_EARLIER).getRxDropped()).isEqualTo(7);
    }

    @Test
    void followsADeviceToAnotherName() throws Exception {
        InterfaceCounters counters = counters();
        namespace.run("ip link set v0 down");
        namespace.run("ip link set v0 name renamed0");
        namespace.run("ip link set renamed0 up");
        await().until(() -> namespace.run("ip link show v1").stdout().contains("LOWER_UP"));
        send(namespace, UNKNOWN, 3);

        assertThat(counters.since(NO_EARLIER).getRxDropped()).isEqualTo(3);
    }

    @Test
    void saysNothingOfADeviceOnceItIsClosed() throws Exception {
        int index = target().index();
        assertThat(statistics.losses(index)).isPresent();
        assertThat(statistics.losses(index + 1000)).isEmpty();

        statistics.close();

        assertThat(statistics.losses(index)).isEmpty();
    }

    /// The other processor is slow (a long list of rules) at what this one sends to it (receive
    /// packet steering), until its backlog, `net.core.netdev_max_backlog`, is full.
    @Test
    @RequiresTool("iptables-restore")
    void countsWhatTheKernelsBacklogDropped() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "needs two processors");
        steerToAnotherProcessor();
        InterfaceCounters counters = counters();

        // Where a backlog is full, the sender at the other end of the pair is told.
        assertThatThrownBy(this::sendFromOneProcessor)
                .isInstanceOfSatisfying(
                        SyscallException.class,
                        e -> assertThat(e.errno()).isEqualTo(Errno.ENOBUFS.number()));
        assertThat(counters.since(NO_EARLIER).getSoftnetDropped()).isPositive();
    }

    private void steerToAnotherProcessor() throws Exception {
        String rules =
                IntStream.range(0, 10_000)
                        .mapToObj(i -> "-A PREROUTING -s 198.18.%d.%d\n".formatted(i >> 8, i & 255))
                        .collect(Collectors.joining("", "*raw\n", "COMMIT\n"));
        namespace.run("iptables-restore " + Files.writeString(folder.resolve("rules"), rules));
        Path mask = Files.writeString(folder.resolve("mask"), "2\n");
        namespace.run("dd if=" + mask + " of=/sys/class/net/v0/queues/rx-0/rps_cpus");
    }

    /// From many sockets: each may have no more under way than its send buffer holds, which is less
    /// than the backlog.
    private void sendFromOneProcessor() throws Exception {
        int _ =
                InNamespace.call(
                        namespace,
                        () -> {
                            CpuAffinity.set(libc, List.of(0));
                            List<FrameSender> senders =
                                    Stream.generate(() -> new FrameSender("v1"))
                                            .limit(SENDERS)
                                            .toList();
                            try {
                                IntStream.range(0, 20_000)
                                        .forEach(i -> senders.get(i % SENDERS).send(BROADCAST));
                            } finally {
                                senders.forEach(FrameSender::close);
                            }
                            return SENDERS;
                        });
    }

    private static void makePair(NetworkNamespace where) {
        where.run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
        where.run("ip link add v0 type veth peer name v1");
        where.run("ip link set v0 up");
        where.run("ip link set v1 up");
    }

    private InterfaceCounters counters() throws Exception {
        return new InterfaceCounters(target(), statistics);
    }

    private NetworkInterface target() throws Exception {
        return target(namespace);
    }

    private NetworkInterface target(NetworkNamespace where) throws Exception {
        return InNamespace.call(where, () -> NetworkInterface.byName(libc, "v0"));
    }

    private static void send(NetworkNamespace from, byte[] frame, int count) throws Exception {
        int _ = InNamespace.call(from, () -> send("v1", frame, count));
    }

    private static int send(String interfaceName, byte[] frame, int count) {
        try (FrameSender sender = new FrameSender(interfaceName)) {
            IntStream.range(0, count).forEach(_ -> sender.send(frame));
            return count;
        }
    }

    private long droppedAccordingToIp() throws Exception {
        String json = namespace.run("ip -s -j link show v0").stdout();
        return new ObjectMapper().readTree(json).path(0).at("/stats64/rx/dropped").asLong(-1);
    }
}
