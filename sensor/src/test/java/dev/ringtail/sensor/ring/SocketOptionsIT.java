package dev.ringtail.sensor.ring;

import static dev.ringtail.sensor.ring.VethLab.GEOMETRY;
import static dev.ringtail.sensor.ring.VethLab.NUMBER_OFFSET;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.ringtail.sensor.linux.Errno;
import dev.ringtail.sensor.linux.MacAddress;
import dev.ringtail.sensor.linux.PacketConstants;
import dev.ringtail.sensor.linux.PacketSocket;
import dev.ringtail.sensor.linux.RingStatistics;
import dev.ringtail.sensor.linux.SyscallException;
import dev.ringtail.testing.Privileged;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// What the options of a ring's socket do, as the kernel shows it elsewhere.
@Privileged
class SocketOptionsIT {
    private final VethLab lab = new VethLab();

    @AfterEach
    void close() {
        lab.close();
    }

    private static SocketOptions members(Memberships memberships) {
        return new SocketOptions(
                false, false, Fanout.BY_FLOW, memberships, TimestampSource.RECEIVE, false, false);
    }

    @Test
    void asksTheDeviceForMoreFramesAndTakesItBackAtClose() throws Exception { // R16
        MacAddress group = MacAddress.parse("01:00:5e:00:00:fb");
        SocketOptions options = members(new Memberships(true, true, List.of(group)));
        try (FanoutGroup two = lab.open(2, GEOMETRY, options)) {
            assertThat(two.rings()).hasSize(2);
            assertThat(count("promiscuity")).isEqualTo(2);
            assertThat(count("allmulti")).isEqualTo(2);
            assertThat(multicastEntries()).containsPattern("a1 +2 +\\d+ +01005e0000fb");
            // Not as a flag that would outlive a crash.
            assertThat(lab.namespace.run("ip link show a1").stdout()).doesNotContain("PROMISC");
        }

        await().untilAsserted(
                        () -> {
                            assertThat(count("promiscuity")).isZero();
                            assertThat(count("allmulti")).isZero();
                            assertThat(multicastEntries()).doesNotContain("01005e0000fb");
                        });
    }

    @Test
    void asksTheDeviceForNothingByDefault() throws Exception {
        lab.open(1, GEOMETRY, SocketOptions.DEFAULTS);

        assertThat(count("promiscuity")).isZero();
        assertThat(count("allmulti")).isZero();
    }

    private int count(String what) {
        String details = lab.namespace.run("ip -d link show a1").stdout();
        Matcher matcher = Pattern.compile(what + " (\\d+)").matcher(details);
        assertThat(matcher.find()).as(details).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    private String multicastEntries() {
        return lab.namespace.run("cat /proc/net/dev_mcast").stdout();
    }

    @ParameterizedTest
    @EnumSource
    void stampsAsAskedAndSaysWhoDid(TimestampSource source) throws Exception { // R15
        SocketOptions options =
                new SocketOptions(
                        false, false, Fanout.BY_FLOW, Memberships.NONE, source, false, false);
        KernelRing ring = lab.open(1, GEOMETRY, options).rings().getFirst();
        int stamps =
                PacketConstants.TP_STATUS_TS_SOFTWARE | PacketConstants.TP_STATUS_TS_RAW_HARDWARE;

        await().untilAsserted(
                        () -> {
                            lab.send(List.of(PacketRingContract.frame(60, 1)));
                            long nowNs = System.currentTimeMillis() * 1_000_000;
                            RingFrame frame = RingFrame.read(ring, 1).getLast();
                            assertThat(frame.timestampNs())
                                    .isBetween(nowNs - 10_000_000_000L, nowNs + 10_000_000_000L);
                            // A veth has no clock: the kernel's stamp stands in, and is called so.
                            // The first packets may lack it, as the kernel switches it on a little
                            // later; and with `ring` another's tap may have it switched on.
                            if (source != TimestampSource.RING) {
                                assertThat(frame.status() & stamps)
                                        .isEqualTo(PacketConstants.TP_STATUS_TS_SOFTWARE);
                            }
                        });
    }

    @Test
    void locksTheFilterOnceItListens() throws Exception { // R9
        SocketOptions options =
                new SocketOptions(
                        false,
                        false,
                        Fanout.BY_FLOW,
                        Memberships.NONE,
                        TimestampSource.RECEIVE,
                        false,
                        true);
        FanoutGroup group = lab.open(2, GEOMETRY, options);

        assertThat(group.deafen()).isFalse();
        assertThatThrownBy(() -> group.replaceFilter(VethLab.everything(), KernelRing.DEAF))
                .isInstanceOfSatisfying(
                        SyscallException.class,
                        e -> assertThat(e.errno()).isEqualTo(Errno.EPERM.number()))
                .hasMessageContaining("that the filter is locked");
        lab.send(List.of(PacketRingContract.frame(60, 1)));
        assertThat(RingFrame.read(group.rings(), f -> !f.isEmpty()))
                .anySatisfy(f -> assertThat(f).hasSize(1));
    }

    @Test
    void replacesTheFilterOfEveryMember() throws Exception { // R9
        FanoutGroup group = lab.open(2, GEOMETRY, SocketOptions.DEFAULTS);
        group.replaceFilter(KernelFilter.compile("", "1,6 0 0 40", 262_144, true), KernelRing.DEAF);

        lab.send(IntStream.range(0, 64).mapToObj(i -> VethLab.flowFrame(i, false, i)).toList());

        assertThat(RingFrame.read(group.rings(), f -> f.size() >= 64))
                .allSatisfy(
                        member ->
                                assertThat(member)
                                        .isNotEmpty()
                                        .allSatisfy(f -> assertThat(f.data()).hasSize(40)));
        assertThat(group.deafen()).isTrue();
    }

    @Test
    void cutsInTheKernelAndKeepsTheLength() throws Exception { // R9
        FanoutGroup group =
                lab.open(
                        1,
                        GEOMETRY,
                        SocketOptions.DEFAULTS,
                        "a1",
                        KernelFilter.compile("a1", "", 96, true));

        lab.send(List.of(PacketRingContract.frame(1000, 1), PacketRingContract.frame(60, 2)));

        assertThat(RingFrame.read(group.rings().getFirst(), 2))
                .extracting(f -> f.data().length, RingFrame::originalLength)
                .containsExactly(tuple(96, 1000L), tuple(60, 60L));
    }

    @Test
    void saysWhyTheKernelHasNoRoomForAFilter() { // R9
        lab.namespace.run("sysctl -qw net.core.optmem_max=1024");
        // 300 times `ld #0`, and a return.
        String program = "301," + "0 0 0 0,".repeat(300) + "6 0 0 96";

        assertThatThrownBy(
                        () ->
                                lab.open(
                                        1,
                                        GEOMETRY,
                                        SocketOptions.DEFAULTS,
                                        "a1",
                                        KernelFilter.compile("a1", program, 262_144, true)))
                .isInstanceOf(SyscallException.class)
                .hasMessageContaining("setsockopt(SO_ATTACH_FILTER, 301 instructions)")
                .hasMessageContaining("ENOMEM")
                .hasMessageContaining("net.core.optmem_max");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void leavesTheReservedRoomBeforePackets(boolean immediate) throws Exception {
        RingGeometry geometry = new RingGeometry(128 << 10, 4, 20, 2048, 100);
        SocketOptions options = immediate ? VethLab.immediate(false) : SocketOptions.DEFAULTS;
        KernelRing ring = lab.open(1, geometry, options).rings().getFirst();
        lab.send(List.of(PacketRingContract.frame(60, 7)));

        await().until(() -> ring.blocks().acquire());

        RingReader blocks = ring.blocks();
        long header = blocks.firstPacket();
        assertThat(FrameHeader.data(header) - header).isGreaterThanOrEqualTo(82 + 100);
        assertThat(RingFrame.drain(ring).getFirst().number(NUMBER_OFFSET)).isEqualTo(7);
    }

    @Test
    void leavesNoMemberBehindThatSwallowsPackets() throws Exception { // R1
        FanoutGroup group = lab.open(2, GEOMETRY, VethLab.spread(Fanout.of(Fanout.Mode.LB)));
        FanoutGroup other = lab.open(1, GEOMETRY, SocketOptions.DEFAULTS);
        assertThat(packetSockets()).isEqualTo(3);

        group.rings().getLast().close();
        await().untilAsserted(() -> assertThat(packetSockets()).isEqualTo(2));

        lab.send(IntStream.range(0, 100).mapToObj(i -> PacketRingContract.frame(60, i)).toList());
        // The member that is left gets everything, with nobody to swallow half of it.
        assertThat(RingFrame.read(group.rings().getFirst(), 100)).hasSize(100);
        assertThat(RingFrame.read(other.rings().getFirst(), 100)).hasSize(100);
    }

    private long packetSockets() {
        return lab.namespace.run("cat /proc/net/packet").stdout().lines().count() - 1;
    }

    @Test
    void receivesNothingBeforeItIsBoundAndOnlyFromItsInterfaceThen() throws Exception { // R4
        lab.namespace.run("ip link add b0 type veth peer name b1");
        lab.namespace.run("ip link set b0 up");
        lab.namespace.run("ip link set b1 up");
        try (FanoutGroup unbound =
                FanoutGroup.open(lab.libc, 1, GEOMETRY, SocketOptions.DEFAULTS)) {
            unbound.replaceFilter(VethLab.everything(), KernelRing.DEAF);
            FanoutGroup bound = lab.open(1, GEOMETRY, SocketOptions.DEFAULTS);

            lab.send("b0", List.of(PacketRingContract.frame(60, 1)));
            lab.send("a0", List.of(PacketRingContract.frame(60, 2)));

            assertThat(RingFrame.read(bound.rings().getFirst(), 1))
                    .extracting(f -> f.number(NUMBER_OFFSET))
                    .containsExactly(2);
            assertThat(unbound.rings().getFirst().takeStatistics().packets()).isZero();
        }
    }

    @Test
    void aNearlyIdleRingFreezesAfterItsBlocksTimesTheTimeout() throws Exception { // R5
        // 8 blocks of 10 ms are full after 80 ms however little comes; 256 of 50 ms after 12.8 s.
        RingGeometry small = new RingGeometry(128 << 10, 8, 10);
        RingGeometry usual = new RingGeometry(128 << 10, 256, 50);
        KernelRing stalled = lab.open(1, small, SocketOptions.DEFAULTS).rings().getFirst();
        KernelRing survivor = lab.open(1, usual, SocketOptions.DEFAULTS).rings().getFirst();
        List<RingStatistics> taken = new ArrayList<>();

        // Nobody reads; each packet is sent when the block before it has been closed.
        await().pollInterval(java.time.Duration.ofMillis(15))
                .untilAsserted(
                        () -> {
                            lab.send(List.of(PacketRingContract.frame(60, 1)));
                            taken.add(stalled.takeStatistics());
                            assertThat(taken.getLast().drops()).isPositive();
                        });

        assertThat(taken.stream().mapToLong(RingStatistics::packets).sum())
                .as("packets until the ring of 8 × 128 KiB was full")
                .isLessThan(1000);
        assertThat(taken.stream().mapToLong(RingStatistics::freezes).sum()).isPositive();
        assertThat(survivor.takeStatistics().drops()).isZero();
    }

    @Test
    void countsPacketsAsReceivedOrDroppedWhileTheReaderIsBlocked() throws Exception { // R10
        KernelRing ring = lab.open(1, GEOMETRY, SocketOptions.DEFAULTS).rings().getFirst();
        List<byte[]> burst = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            burst.add(PacketRingContract.frame(1400, i));
        }
        long read = 0;
        long packets = 0;
        long drops = 0;
        long freezes = 0;
        for (int round = 0; round < 3; round++) {
            lab.send(burst);
            // Every block's sequence number is checked while it is read: drops leave no gap. // R6
            read += RingFrame.read(ring, 1).size();
        }
        letTheLastBlockClose(ring);
        read += RingFrame.drain(ring).size();
        RingStatistics statistics = ring.takeStatistics();
        packets += statistics.packets();
        drops += statistics.drops();
        freezes += statistics.freezes();

        assertThat(packets).isEqualTo(3000);
        assertThat(drops).isPositive().isEqualTo(packets - read);
        assertThat(freezes).isPositive();
    }

    /// Waits until the block that is being filled has been closed. // R20
    private static void letTheLastBlockClose(KernelRing ring) {
        ring.deafen();
        ring.await(5 * GEOMETRY.blockTimeoutMs());
    }

    @Test
    void acceptsTheGeometriesThatTheKernelAccepts() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            int blockBytes = pick(random, 4096, 12288, 65536, 128 << 10, 192 << 10, 1 << 20);
            int blockCount = pick(random, 0, 1, 2, 3, 5, 8);
            int slotBytes = pick(random, 32, 64, 100, 256, 2048, 3000, 64 << 10, 128 << 10);
            int reserveBytes = pick(random, 0, 4, 100, 1792, 2000);
            boolean kernel = kernelAccepts(blockBytes, blockCount, slotBytes, reserveBytes);
            boolean ours = weAccept(blockBytes, blockCount, slotBytes, reserveBytes);
            String what =
                    "seed %d: %d blocks of %d bytes, slots of %d, %d reserved"
                            .formatted(seed, blockCount, blockBytes, slotBytes, reserveBytes);
            if (ours) {
                assertThat(kernel).as(what).isTrue();
            } else if (kernel) {
                assertThat(strictlyOurs(blockBytes, blockCount, slotBytes, reserveBytes))
                        .as(what)
                        .isTrue();
            }
        }
    }

    private static int pick(Random random, int... values) {
        return values[random.nextInt(values.length)];
    }

    private boolean kernelAccepts(int blockBytes, int blockCount, int slotBytes, int reserveBytes) {
        try (PacketSocket socket = PacketSocket.open(lab.libc)) {
            socket.useTpacketV3();
            socket.reserve(reserveBytes);
            socket.allocateRing(blockBytes, blockCount, slotBytes, 10);
            // With no blocks the kernel frees the ring instead of making one.
            return blockCount > 0;
        } catch (SyscallException e) {
            return false;
        }
    }

    private static boolean weAccept(
            int blockBytes, int blockCount, int slotBytes, int reserveBytes) {
        try {
            new RingGeometry(blockBytes, blockCount, 10, slotBytes, reserveBytes);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// The rules of RingGeometry beyond the kernel's.
    private static boolean strictlyOurs(
            int blockBytes, int blockCount, int slotBytes, int reserveBytes) {
        return blockBytes < 128 << 10
                || Integer.bitCount(blockBytes) != 1
                || blockCount < 2
                || Integer.bitCount(slotBytes) != 1
                || slotBytes > 64 << 10
                || slotBytes - reserveBytes < 256;
    }
}
