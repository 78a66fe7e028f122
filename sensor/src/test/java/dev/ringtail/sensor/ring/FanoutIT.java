package dev.ringtail.sensor.ring;

import static dev.ringtail.sensor.ring.VethLab.GEOMETRY;
import static dev.ringtail.sensor.ring.VethLab.NUMBER_OFFSET;
import static dev.ringtail.sensor.ring.VethLab.flowFrame;
import static dev.ringtail.sensor.ring.VethLab.spread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.sensor.linux.InNamespace;
import dev.ringtail.sensor.linux.NetworkInterface;
import dev.ringtail.sensor.linux.PacketConstants;
import dev.ringtail.sensor.linux.PacketSocket;
import dev.ringtail.sensor.linux.RolloverStatistics;
import dev.ringtail.sensor.linux.SyscallException;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// How the kernel spreads packets over a group: what its own selftest `psock_fanout` checks, and
/// what a capture relies on beyond.
@Privileged
class FanoutIT {
    /// A classic program that returns the UDP payload's last byte of a 60-byte frame: its number
    /// modulo 256. The kernel shows programs a received packet from its network header on.
    private static final String BY_NUMBER = "2,48 0 0 37,22 0 0 0";

    private static final int MEMBERS = 4;

    private final VethLab lab = new VethLab();

    @AfterEach
    void close() {
        lab.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fanout.Mode.class,
            names = {"CBPF", "EBPF"},
            mode = EnumSource.Mode.EXCLUDE)
    void givesEveryPacketToOneMember(Fanout.Mode mode) throws Exception {
        FanoutGroup group = lab.open(MEMBERS, GEOMETRY, spread(Fanout.of(mode)));

        assertThat(numbers(sendAndRead(group, distinctFlows(400))).stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 400).boxed().toList());
    }

    @Test
    void hashKeepsBothDirectionsOfAFlowTogether() throws Exception {
        FanoutGroup group = lab.open(MEMBERS, GEOMETRY, spread(Fanout.BY_FLOW));
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            frames.add(flowFrame(i / 4, i % 2 == 1, i));
        }

        List<List<Integer>> numbers = numbers(sendAndRead(group, frames));

        assertThat(numbers).allSatisfy(n -> assertThat(n).isNotEmpty());
        Map<Integer, Set<Integer>> membersOfFlow = new HashMap<>();
        for (int member = 0; member < MEMBERS; member++) {
            for (int number : numbers.get(member)) {
                membersOfFlow.computeIfAbsent(number / 4, f -> new HashSet<>()).add(member);
            }
        }
        assertThat(membersOfFlow).hasSize(64).allSatisfy((f, m) -> assertThat(m).hasSize(1));
    }

    @Test
    void loadBalancingGoesAround() throws Exception {
        FanoutGroup group = lab.open(MEMBERS, GEOMETRY, spread(Fanout.of(Fanout.Mode.LB)));

        List<List<Integer>> numbers = numbers(sendAndRead(group, oneFlow(400)));

        assertThat(numbers).allSatisfy(n -> assertThat(n).hasSize(100));
        assertThat(numbers.getFirst())
                .extracting(n -> n % MEMBERS)
                .containsOnly(numbers.getFirst().getFirst() % MEMBERS);
    }

    @RequiresTool({"taskset", "bash"})
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void cpuGoesByTheProcessorThatReceives(int cpu) throws Exception {
        FanoutGroup group = lab.open(2, GEOMETRY, spread(Fanout.of(Fanout.Mode.CPU)));
        // Over a veth pair a packet is received on the processor that sends it.
        lab.namespace.run("ip address add 10.9.0.1/24 dev a0");
        lab.namespace.run("ip neigh add 10.9.0.2 lladdr 02:00:00:00:00:02 dev a0");
        Tools.run(
                        lab.namespace.command(
                                List.of(
                                        "taskset",
                                        "-c",
                                        String.valueOf(cpu),
                                        "bash",
                                        "-c",
                                        "echo packet > /dev/udp/10.9.0.2/9")))
                .orFail();

        List<List<RingFrame>> read = RingFrame.read(group.rings(), f -> !f.isEmpty());

        assertThat(read.get(cpu)).isNotEmpty();
        assertThat(read.get(1 - cpu)).isEmpty();
    }

    @Test
    void randomGivesEachMemberSome() throws Exception {
        FanoutGroup group = lab.open(MEMBERS, GEOMETRY, spread(Fanout.of(Fanout.Mode.RND)));

        // 400 of one flow: none for a member has a chance of 4 × (3/4)^400.
        assertThat(numbers(sendAndRead(group, oneFlow(400))))
                .allSatisfy(n -> assertThat(n).isNotEmpty());
    }

    @Test
    void queueMappingGoesByTheReceiveQueue() throws Exception {
        FanoutGroup group = lab.open(MEMBERS, GEOMETRY, spread(Fanout.of(Fanout.Mode.QM)));

        // The pair has one queue.
        assertThat(numbers(sendAndRead(group, distinctFlows(100))).getFirst()).hasSize(100);
    }

    @Test
    void rolloverFillsTheFirstAndGoesOnWithTheNext() throws Exception {
        // A timeout so long that no block is closed before it is full: 352 packets to a ring.
        RingGeometry slow = new RingGeometry(128 << 10, 4, 1000);
        FanoutGroup group = lab.open(2, slow, spread(Fanout.of(Fanout.Mode.ROLLOVER)));

        List<List<Integer>> numbers = numbers(sendAndRead(group, large(500)));

        assertThat(numbers.get(0)).isNotEmpty().isSorted();
        assertThat(numbers.get(1)).isNotEmpty().isSorted();
        // Of one ring's packets in turn; the first of the second ring found the first one full.
        assertThat(numbers.get(1).getFirst()).isGreaterThan(numbers.get(0).getFirst());
        assertThat(numbers.get(0).size() + numbers.get(1).size()).isEqualTo(500);
        // In this mode the kernel counts every packet as rolled over, at the first member.
        assertThat(group.rings())
                .extracting(KernelRing::rolloverStatistics)
                .containsExactly(new RolloverStatistics(500, 0, 0), RolloverStatistics.NONE);
    }

    @Test
    void theRolloverFlagSavesWhatOneRingHasNoRoomFor() throws Exception {
        Fanout fanout = new Fanout(Fanout.Mode.HASH, true, false, "");
        FanoutGroup group = lab.open(2, GEOMETRY, spread(fanout));

        lab.send(large(1000));

        List<RolloverStatistics> statistics =
                group.rings().stream().map(KernelRing::rolloverStatistics).toList();
        long all = statistics.stream().mapToLong(RolloverStatistics::all).sum();
        long failed = statistics.stream().mapToLong(RolloverStatistics::failed).sum();
        long drops = group.rings().stream().mapToLong(r -> r.takeStatistics().drops()).sum();
        assertThat(drops).isPositive();
        List<List<RingFrame>> read = RingFrame.read(group.rings(), f -> f.size() >= 1000 - drops);
        List<Integer> sizes = read.stream().map(List::size).sorted().toList();
        // One flow: all that the other ring has came by rolling over.
        assertThat(all).isEqualTo((long) sizes.get(0)).isPositive();
        assertThat(drops).isEqualTo(1000 - sizes.get(0) - sizes.get(1));
        // Those for which no ring had ample room; some of them still found a place in their own.
        assertThat(failed).isGreaterThanOrEqualTo(drops);
        assertThat(group.rings().getFirst().rolloverStatistics()).isEqualTo(statistics.getFirst());
    }

    @Test
    void aClassicProgramSaysWhichMember() throws Exception {
        Fanout fanout = new Fanout(Fanout.Mode.CBPF, false, false, BY_NUMBER);
        FanoutGroup group = lab.open(MEMBERS, GEOMETRY, spread(fanout));

        spreadsByNumber(group);
    }

    private void spreadsByNumber(FanoutGroup group) throws Exception {
        List<List<Integer>> numbers = numbers(sendAndRead(group, oneFlow(200)));

        for (int member = 0; member < MEMBERS; member++) {
            assertThat(numbers.get(member))
                    .hasSize(50)
                    .extracting(n -> n % MEMBERS)
                    .containsOnly(member);
        }
    }

    @Test
    void anExtendedProgramSaysWhichMember() throws Exception {
        try (PinnedSocketFilter program = PinnedSocketFilter.returningByte(37)) {
            Fanout fanout = new Fanout(Fanout.Mode.EBPF, false, false, program.path());
            spreadsByNumber(lab.open(MEMBERS, GEOMETRY, spread(fanout)));
        }
    }

    @Test
    void namesAProgramThatIsNotThere() {
        assertThatThrownBy(
                        () ->
                                lab.open(
                                        2,
                                        GEOMETRY,
                                        spread(
                                                new Fanout(
                                                        Fanout.Mode.EBPF,
                                                        false,
                                                        false,
                                                        "/no/such/program"))))
                .isInstanceOf(SyscallException.class)
                .hasMessageStartingWith("bpf(BPF_OBJ_GET, /no/such/program): ENOENT");
        assertThatThrownBy(
                        () ->
                                lab.open(
                                        2,
                                        GEOMETRY,
                                        spread(
                                                new Fanout(
                                                        Fanout.Mode.CBPF,
                                                        false,
                                                        false,
                                                        "/no/such/program"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'/no/such/program' is neither bytecode");
    }

    @Test
    void defragmentationGivesDatagramsInPlaceOfFragments() throws Exception { // R14
        List<byte[]> fragments = fragmentsOfSixteenDatagrams();
        FanoutGroup apart = lab.open(MEMBERS, GEOMETRY, spread(Fanout.BY_FLOW));
        FanoutGroup whole =
                lab.open(1, GEOMETRY, spread(new Fanout(Fanout.Mode.HASH, false, true, "")));

        lab.send(fragments);

        List<List<RingFrame>> members = RingFrame.read(apart.rings(), f -> f.size() >= 32);
        // Without it: both fragments of a datagram at one member, by addresses alone.
        for (List<RingFrame> member : members) {
            Map<Integer, Integer> counts = new HashMap<>();
            member.forEach(f -> counts.merge(f.number(18), 1, Integer::sum));
            assertThat(counts.values()).allMatch(c -> c == 2);
        }
        assertThat(members.stream().mapToInt(List::size).sum()).isEqualTo(32);
        assertThat(RingFrame.read(whole.rings().getFirst(), 16))
                .hasSize(16)
                .allSatisfy(f -> assertThat(f.originalLength()).isEqualTo(14 + 20 + 32));
    }

    private static List<byte[]> fragmentsOfSixteenDatagrams() {
        List<byte[]> fragments = new ArrayList<>();
        for (int id = 1; id <= 16; id++) {
            for (int part = 0; part < 2; part++) {
                byte[] frame = flowFrame(id, false, id);
                frame[17] = 20 + 16;
                frame[19] = (byte) id;
                frame[20] = (byte) (part == 0 ? 0x20 : 0);
                frame[21] = (byte) (part == 0 ? 0 : 2);
                frame[33] = (byte) id;
                frame[39] = 32;
                VethLab.checksum(frame);
                fragments.add(frame);
            }
        }
        return fragments;
    }

    @Test
    void putsAllThatIsNotIpAtOneMember() throws Exception { // R14
        FanoutGroup group = lab.open(MEMBERS, GEOMETRY, spread(Fanout.BY_FLOW));
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            frames.add(PacketRingContract.frame(60, i));
        }

        assertThat(sendAndRead(group, frames)).filteredOn(m -> !m.isEmpty()).hasSize(1);
    }

    @Test
    void keepsFlowsBehindTwoVlanTagsTogether() throws Exception { // R14
        FanoutGroup group = lab.open(MEMBERS, GEOMETRY, spread(Fanout.BY_FLOW));
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 128; i++) {
            byte[] inner = flowFrame(i / 2, i % 2 == 1, i);
            byte[] tagged = new byte[68];
            System.arraycopy(inner, 0, tagged, 0, 12);
            System.arraycopy(
                    new byte[] {(byte) 0x88, (byte) 0xa8, 0, 5, (byte) 0x81, 0, 0, 6},
                    0,
                    tagged,
                    12,
                    8);
            System.arraycopy(inner, 12, tagged, 20, 48);
            frames.add(tagged);
        }

        List<List<RingFrame>> members = sendAndRead(group, frames);

        // The outer tag is taken out, so the number is 4 bytes further.
        Map<Integer, Set<Integer>> membersOfFlow = new HashMap<>();
        for (int member = 0; member < MEMBERS; member++) {
            for (RingFrame frame : members.get(member)) {
                membersOfFlow
                        .computeIfAbsent(frame.number(NUMBER_OFFSET + 4) / 2, f -> new HashSet<>())
                        .add(member);
            }
        }
        assertThat(membersOfFlow).hasSize(64).allSatisfy((f, m) -> assertThat(m).hasSize(1));
        assertThat(members).filteredOn(m -> !m.isEmpty()).hasSizeGreaterThan(1);
    }

    @Test
    void sharesNoGroupWithAnother() throws Exception { // R2
        FanoutGroup one = lab.open(2, GEOMETRY, spread(Fanout.BY_FLOW));
        FanoutGroup other = lab.open(2, GEOMETRY, spread(Fanout.BY_FLOW));

        lab.send(distinctFlows(100));

        for (FanoutGroup group : List.of(one, other)) {
            assertThat(
                            RingFrame.read(group.rings(), f -> f.size() >= 100).stream()
                                    .mapToInt(List::size)
                                    .sum())
                    .isEqualTo(100);
        }
    }

    @Test
    void refusesMembersThatDoNotFitTheGroup() throws Exception { // R2
        int hash = PacketConstants.PACKET_FANOUT_HASH;
        InNamespace.call(
                lab.namespace,
                () -> {
                    NetworkInterface a1 = NetworkInterface.byName(lab.libc, "a1");
                    NetworkInterface a0 = NetworkInterface.byName(lab.libc, "a0");
                    try (PacketSocket first = PacketSocket.open(lab.libc);
                            PacketSocket second = PacketSocket.open(lab.libc);
                            PacketSocket elsewhere = PacketSocket.open(lab.libc)) {
                        first.bind(a1);
                        second.bind(a1);
                        elsewhere.bind(a0);
                        int id = first.createFanout(hash);
                        assertThat(elsewhere.createFanout(hash)).isNotEqualTo(id);
                        refuses(() -> first.joinFanout(id, hash), "EALREADY");
                        refuses(
                                () -> second.joinFanout(id, PacketConstants.PACKET_FANOUT_LB),
                                "EINVAL");
                        refuses(
                                () ->
                                        second.joinFanout(
                                                id,
                                                hash | PacketConstants.PACKET_FANOUT_FLAG_DEFRAG),
                                "EINVAL");
                        refuses(() -> elsewhere.joinFanout(id, hash), "E");
                        refuses(() -> first.bind(a1), "EINVAL");
                        second.joinFanout(id, hash);
                    }
                    return null;
                });
    }

    private static void refuses(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String errno) {
        assertThatThrownBy(call)
                .isInstanceOf(SyscallException.class)
                .hasMessageContaining(": " + errno);
    }

    @Test
    void hasRoomForAsManyMembersAsTheKernelSays() throws Exception { // R2
        // PACKET_FANOUT_MAX of 256, where PACKET_FANOUT was not told another (fanout_add).
        InNamespace.call(
                lab.namespace,
                () -> {
                    NetworkInterface a1 = NetworkInterface.byName(lab.libc, "a1");
                    List<PacketSocket> sockets = new ArrayList<>();
                    try {
                        for (int i = 0; i <= 256; i++) {
                            PacketSocket socket = PacketSocket.open(lab.libc);
                            sockets.add(socket);
                            socket.bind(a1);
                        }
                        int id = sockets.getFirst().createFanout(0);
                        for (PacketSocket socket : sockets.subList(1, 256)) {
                            socket.joinFanout(id, 0);
                        }
                        refuses(() -> sockets.getLast().joinFanout(id, 0), "ENOSPC");
                    } finally {
                        sockets.forEach(PacketSocket::close);
                    }
                    return null;
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void leavesOutWhatThisHostSends(int ringCount) throws Exception { // R13
        SocketOptions options =
                new SocketOptions(
                        false,
                        false,
                        Fanout.BY_FLOW,
                        Memberships.NONE,
                        TimestampSource.RECEIVE,
                        true,
                        false);
        // A filter without the prefix that keeps outgoing packets out, so that the kernel has to.
        FanoutGroup ignoring = lab.open(ringCount, GEOMETRY, options, "lo", VethLab.everything());
        FanoutGroup both =
                lab.open(ringCount, GEOMETRY, SocketOptions.DEFAULTS, "lo", VethLab.everything());
        FanoutGroup prefixed =
                lab.open(
                        ringCount,
                        GEOMETRY,
                        SocketOptions.DEFAULTS,
                        "lo",
                        KernelFilter.compile("lo", "", 262_144, false));

        lab.send("lo", distinctFlows(20));

        int outgoing = PacketConstants.PACKET_OUTGOING;
        // A packet socket's own frames are seen going out and coming in, as others are.
        assertThat(all(both, 40)).filteredOn(f -> f.packetType() == outgoing).hasSize(20);
        for (FanoutGroup group : List.of(ignoring, prefixed)) {
            assertThat(all(group, 20))
                    .hasSize(20)
                    .allSatisfy(f -> assertThat(f.packetType()).isNotEqualTo(outgoing));
        }
    }

    private static List<RingFrame> all(FanoutGroup group, int count) {
        return RingFrame.read(group.rings(), f -> f.size() >= count).stream()
                .flatMap(List::stream)
                .toList();
    }

    private List<List<RingFrame>> sendAndRead(FanoutGroup group, List<byte[]> frames)
            throws Exception {
        lab.send(frames);
        return RingFrame.read(group.rings(), f -> f.size() >= frames.size());
    }

    private static List<List<Integer>> numbers(List<List<RingFrame>> members) {
        return members.stream().map(FanoutIT::numbersOf).toList();
    }

    private static List<Integer> numbersOf(List<RingFrame> frames) {
        return frames.stream().map(f -> f.number(NUMBER_OFFSET)).toList();
    }

    private static List<byte[]> distinctFlows(int count) {
        return IntStream.range(0, count).mapToObj(i -> flowFrame(i, false, i)).toList();
    }

    private static List<byte[]> oneFlow(int count) {
        return IntStream.range(0, count).mapToObj(i -> flowFrame(1, false, i)).toList();
    }

    /// Of one flow, so large that 88 fill a block.
    private static List<byte[]> large(int count) {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] frame = new byte[1400];
            System.arraycopy(flowFrame(1, false, i), 0, frame, 0, 60);
            frames.add(frame);
        }
        return frames;
    }
}
