package dev.ringtail.sensor.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ringtail.sensor.linux.FrameSender;
import dev.ringtail.sensor.linux.InNamespace;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.NetworkInterface;
import dev.ringtail.sensor.linux.SyscallException;
import dev.ringtail.testing.NetworkNamespace;
import dev.ringtail.testing.Privileged;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// The kernel's TPACKET_V3 ring, what the kernel's own selftest `psock_tpacket` checks of it and
/// beyond, on a veth pair in a network namespace of its own.
@Privileged
class KernelRingIT extends PacketRingContract {
    private static final int MAX_NUMBER = 0xffff;

    private final LibC libc = LibC.load();
    private final NetworkNamespace namespace = NetworkNamespace.create();
    private FanoutGroup group;
    private KernelRing ring;

    @BeforeEach
    void open() throws Exception {
        namespace.run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
        namespace.run("ip link add a0 type veth peer name a1");
        namespace.run("ip link set a0 up");
        namespace.run("ip link set a1 up");
        // Until the kernel has seen the carrier, it silently drops what is sent.
        await().untilAsserted(
                        () ->
                                assertThat(namespace.run("ip -o link show up").stdout().lines())
                                        .filteredOn(l -> l.contains("state UP"))
                                        .hasSize(2));
        group =
                InNamespace.call(
                        namespace,
                        () -> {
                            FanoutGroup opened =
                                    FanoutGroup.open(libc, 1, GEOMETRY, SocketOptions.DEFAULTS);
                            opened.join(a1());
                            opened.listen(all("a1"));
                            return opened;
                        });
        ring = group.rings().getFirst();
    }

    @AfterEach
    void close() {
        group.close();
        namespace.close();
    }

    @Override
    PacketRing ring() {
        return ring;
    }

    @Override
    void receive(List<byte[]> frames) throws Exception {
        InNamespace.call(
                namespace,
                () -> {
                    try (FrameSender sender = new FrameSender("a0")) {
                        frames.forEach(sender::send);
                        return null;
                    }
                });
    }

    @Test
    void duplicatesAndLosesNothingWhileMembersJoinUnderTraffic() throws Exception { // R3
        AtomicBoolean listening = new AtomicBoolean();
        int afterwards = 2000;
        InNamespace.call(
                namespace,
                () -> {
                    try (FrameSender sender = new FrameSender("a0");
                            FanoutGroup four =
                                    FanoutGroup.open(libc, 4, GEOMETRY, SocketOptions.DEFAULTS)) {
                        AtomicInteger sent = new AtomicInteger();
                        Thread traffic =
                                Thread.ofPlatform()
                                        .start(
                                                () -> {
                                                    int end = MAX_NUMBER - afterwards;
                                                    while (!listening.get() && sent.get() < end) {
                                                        sender.send(
                                                                flowFrame(sent.getAndIncrement()));
                                                    }
                                                    for (int i = 0; i < afterwards; i++) {
                                                        sender.send(
                                                                flowFrame(sent.getAndIncrement()));
                                                    }
                                                });
                        four.join(a1());
                        four.listen(all("a1"));
                        listening.set(true);
                        traffic.join();
                        List<List<Integer>> numbers = new ArrayList<>();
                        four.rings().forEach(r -> numbers.add(new ArrayList<>()));
                        await().untilAsserted(
                                        () -> {
                                            for (int i = 0; i < 4; i++) {
                                                numbers.get(i).addAll(numbers(four.rings().get(i)));
                                            }
                                            assertThat(numbers.stream().mapToInt(List::size).sum())
                                                    .isGreaterThanOrEqualTo(afterwards);
                                        });
                        assertThat(numbers).allSatisfy(n -> assertThat(n).isNotEmpty());
                        List<Integer> all = numbers.stream().flatMap(List::stream).toList();
                        assertThat(all).doesNotHaveDuplicates();
                        int last = sent.get();
                        assertThat(all)
                                .containsAll(
                                        IntStream.range(last - afterwards, last).boxed().toList());
                    }
                    return null;
                });
    }

    /// A UDP frame of a flow of its own.
    private static byte[] flowFrame(int number) {
        byte[] frame = frame(60, number);
        frame[12] = 0x08;
        frame[13] = 0x00;
        frame[14] = 0x45;
        frame[23] = 17;
        frame[34] = (byte) (number >>> 8);
        frame[35] = (byte) number;
        return frame;
    }

    @Test
    void leavesNoMemberBehindInTheFanoutGroup() throws Exception { // R1
        assertThat(packetSockets()).isOne();
        FanoutGroup two =
                InNamespace.call(
                        namespace,
                        () -> {
                            FanoutGroup opened =
                                    FanoutGroup.open(libc, 2, GEOMETRY, SocketOptions.DEFAULTS);
                            opened.join(a1());
                            opened.listen(all("a1"));
                            return opened;
                        });
        assertThat(packetSockets()).isEqualTo(3);

        two.close();

        await().untilAsserted(() -> assertThat(packetSockets()).isOne());
    }

    @Test
    void saysThatAnInterfaceIsDown() {
        namespace.run("ip link set a1 down");
        assertThatThrownBy(
                        () ->
                                InNamespace.call(
                                        namespace,
                                        () -> {
                                            try (FanoutGroup other =
                                                    FanoutGroup.open(
                                                            libc,
                                                            1,
                                                            GEOMETRY,
                                                            SocketOptions.DEFAULTS)) {
                                                other.join(a1());
                                                other.listen(all("a1"));
                                            }
                                            return null;
                                        }))
                .isInstanceOf(SyscallException.class)
                .hasMessage(
                        "bind(AF_PACKET, interface a1): ENETDOWN (network is down); bring it up: ip"
                                + " link set a1 up");
    }

    @Test
    void goesAroundTheRingManyTimesInOrder() throws Exception { // R6
        List<Integer> numbers = new ArrayList<>();
        int number = 0;
        // 70 of the largest fill most of a block, so 40 rounds go around its four blocks.
        for (int round = 0; round < 40; round++) {
            List<byte[]> frames = new ArrayList<>();
            for (int i = 0; i < 70; i++) {
                frames.add(frame(1000 + number % 500, number++));
            }
            receive(frames);
            RingFrame.read(ring, 70)
                    .forEach(
                            f -> {
                                assertThat(f.data()).hasSize((int) f.originalLength());
                                assertThat(f.originalLength())
                                        .isEqualTo(1000 + f.number(NUMBER_OFFSET) % 500);
                                numbers.add(f.number(NUMBER_OFFSET));
                            });
        }

        assertThat(numbers).isEqualTo(IntStream.range(0, 40 * 70).boxed().toList());
        assertThat(ring.takeStatistics().drops()).isZero();
    }

    @Test
    void letsNothingInOnceItIsDeaf() throws Exception { // R20
        ring.deafen();

        receive(List.of(frame(60, 1)));

        assertThat(ring.takeStatistics().packets()).isZero();
    }

    @Test
    void reportsTheErrorOfAnInterfaceThatGoesDownAndResumes() throws Exception {
        namespace.run("ip link set a1 down");
        assertThat(ring.await(5000)).isEqualTo(100);
        namespace.run("ip link set a1 up");

        receive(List.of(frame(60, 7)));

        await().untilAsserted(() -> assertThat(numbers(ring)).containsExactly(7));
    }

    private NetworkInterface a1() {
        return NetworkInterface.byName(libc, "a1");
    }

    private static dev.ringtail.pcap.libpcap.BpfProgram all(String name) {
        return KernelFilter.compile(name, "", 262_144, true);
    }

    private long packetSockets() throws Exception {
        return namespace.run("cat /proc/net/packet").stdout().lines().count() - 1;
    }

    private static List<Integer> numbers(KernelRing ring) {
        return RingFrame.drain(ring).stream().map(f -> f.number(NUMBER_OFFSET)).toList();
    }
}
