package dev.ringtail.sensor.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.pcap.libpcap.BpfInstruction;
import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.sensor.linux.FrameSender;
import dev.ringtail.sensor.linux.InNamespace;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.NetworkInterface;
import dev.ringtail.testing.Frames;
import dev.ringtail.testing.NetworkNamespace;
import dev.ringtail.testing.Privileged;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// Programs run by the kernel and by [BpfMachine] over the same packets: one ring has the program
/// attached, another takes everything, and over its packets the machine runs. Both see the same
/// receive stamps, so a stamp and a length tell which packets the kernel let through, and how much
/// of them.
@Privileged
class BpfMachineIT {
    /// A packet that was let through.
    record Passed(long timestampNs, int capturedLength) {}

    private static final int RANDOM_PROGRAMS = 200;
    private static final int SNAP_LENGTH = 262_144;

    private final LibC libc = LibC.load();
    private final NetworkNamespace namespace = NetworkNamespace.create();
    private FanoutGroup filtered;
    private FanoutGroup everything;

    @BeforeEach
    void open() throws Exception {
        namespace.run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
        namespace.run("ip link add a0 type veth peer name a1");
        namespace.run("ip link set a0 up");
        namespace.run("ip link set a1 up");
        filtered = open(KernelRing.DEAF);
        everything = open(KernelFilter.compile("a1", "", SNAP_LENGTH, true));
    }

    private FanoutGroup open(BpfProgram program) throws Exception {
        return InNamespace.call(
                namespace,
                () -> {
                    FanoutGroup group =
                            FanoutGroup.open(
                                    libc, 1, PacketRingContract.GEOMETRY, SocketOptions.DEFAULTS);
                    group.join(NetworkInterface.byName(libc, "a1"));
                    group.listen(program);
                    return group;
                });
    }

    @AfterEach
    void close() {
        filtered.close();
        everything.close();
        namespace.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip",
                "ip6",
                "vlan",
                "vlan 5",
                "vlan and tcp",
                "vlan 5 and vlan 7",
                "tcp port 443",
                "udp and dst port 53",
                "tcp[tcpflags] & tcp-syn != 0",
                "ip[6:2] & 0x1fff = 0 and udp[0:2] > 1000",
                "ether proto 0x9100",
                "ether multicast",
                "less 60",
                "greater 65 and not arp",
                "ip6 and tcp",
                "inbound",
                "outbound",
                "ifindex 1",
                "icmp or (udp and not port 99)"
            })
    void expressionsMeanTheSame(String filter) throws Exception {
        BpfProgram program =
                InNamespace.call(
                        namespace, () -> KernelFilter.compile("a1", filter, SNAP_LENGTH, false));

        assertThat(BpfMachine.unanswerable(program)).isEmpty();
        compare(program, filter);
    }

    @Test
    void randomProgramsMeanTheSame() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < RANDOM_PROGRAMS; i++) {
            BpfProgram program = randomProgram(random);
            compare(program, "seed %d, program %d: %s".formatted(seed, i, program));
        }
    }

    @Test
    void namesWhatNoRingTells() {
        assertThat(BpfMachine.unanswerable(loading(0xfffff000 + 20))).isPresent();
        assertThat(BpfMachine.unanswerable(loading(0xffe00000 + 6))).isPresent();
        assertThat(BpfMachine.unanswerable(loading(0xfffff000 + 44))).isEmpty();
        assertThat(BpfMachine.unanswerable(loading(0xfff00000 + 9))).isEmpty();
        assertThat(BpfMachine.unanswerable(loading(12))).isEmpty();
    }

    private static BpfProgram loading(int k) {
        return new BpfProgram(
                List.of(new BpfInstruction(0x20, 0, 0, k), new BpfInstruction(0x16, 0, 0, 0)));
    }

    private void compare(BpfProgram program, String description) throws Exception {
        filtered.replaceFilter(program, KernelRing.DEAF);
        List<byte[]> frames = frames();
        InNamespace.call(
                namespace,
                () -> {
                    try (FrameSender sender = new FrameSender("a0")) {
                        frames.forEach(sender::send);
                        return null;
                    }
                });
        BpfMachine machine = new BpfMachine(program);
        List<Passed> byMachine = new ArrayList<>();
        int[] seen = new int[1];
        await().until(
                        () -> {
                            read(
                                    everything,
                                    frame -> {
                                        seen[0]++;
                                        long bytes =
                                                Integer.toUnsignedLong(machine.run(frame.header()));
                                        add(byMachine, frame, bytes);
                                    });
                            return seen[0] == frames.size();
                        });
        List<Passed> byKernel = new ArrayList<>();
        await().until(
                        () -> {
                            read(filtered, frame -> add(byKernel, frame, SNAP_LENGTH));
                            return byKernel.size() >= byMachine.size();
                        });
        assertThat(byKernel).as(description).isEqualTo(byMachine);
        assertThat(filtered.rings().getFirst().takeStatistics().packets())
                .as(description)
                .isEqualTo(byMachine.size());
    }

    private static void add(List<Passed> passed, FrameView frame, long mostBytes) {
        if (mostBytes > 0) {
            int length = frame.capturedLength();
            passed.add(new Passed(frame.timestampNs(), (int) Math.min(mostBytes, length)));
        }
    }

    private static void read(FanoutGroup group, Consumer<FrameView> visitor) {
        KernelRing ring = group.rings().getFirst();
        ring.await(10);
        RingReader blocks = ring.blocks();
        FrameView frame = new FrameView();
        while (blocks.acquire()) {
            long header = blocks.firstPacket();
            for (int i = 0; i < blocks.packetCount(); i++) {
                assertThat(frame.read(header, blocks.blockStart(), blocks.blockEnd())).isTrue();
                visitor.accept(frame);
                header = frame.next();
            }
            blocks.release();
        }
    }

    private static List<byte[]> frames() {
        String tcp = Frames.ipv4(6, 0, Frames.TCP);
        String udp = Frames.ipv4(17, 0, Frames.UDP);
        return List.of(
                Frames.ethernet("0800", tcp),
                Frames.ethernet("0800", udp),
                Frames.ethernet("0800", Frames.ipv4(17, 0x2000, Frames.UDP)),
                Frames.ethernet("0800", Frames.ipv4(17, 0x0003, Frames.UDP)),
                Frames.ethernet("0800", Frames.ipv4(1, 0, "0800 0000 0001 0002")),
                Frames.ethernet("86dd", Frames.ipv6(6, Frames.TCP)),
                Frames.ethernet("86dd", Frames.ipv6(17, Frames.UDP)),
                Frames.ethernet("8100 0005 0800", tcp),
                Frames.ethernet("8100 6007 0800", udp),
                Frames.ethernet("8100 0000 86dd", Frames.ipv6(6, Frames.TCP)),
                Frames.ethernet("88a8 0005 8100 0007 0800", tcp),
                Frames.ethernet("9100 0005 0800", tcp),
                Frames.bytes("ffffffffffff 020000000001 0806", "00".repeat(28)),
                Frames.bytes("01005e000001 020000000001 0800", udp),
                Frames.bytes("020000000002 020000000001 88cc", "00".repeat(46)));
    }

    /// A program of forward jumps that the kernel accepts (`bpf_check_classic`).
    private static BpfProgram randomProgram(Random random) {
        int length = 2 + random.nextInt(24);
        List<BpfInstruction> program = new ArrayList<>();
        // Every word of memory has a value, or the kernel refuses to load it.
        for (int word = 0; word < 16; word++) {
            program.add(new BpfInstruction(0x02, 0, 0, word));
        }
        for (int left = length; left > 0; left--) {
            program.add(randomInstruction(random, left));
        }
        program.add(
                random.nextBoolean()
                        ? new BpfInstruction(0x16, 0, 0, 0)
                        : new BpfInstruction(0x06, 0, 0, random.nextInt(100)));
        return new BpfProgram(program);
    }

    private static BpfInstruction randomInstruction(Random random, int left) {
        int k = random.nextInt(70);
        return switch (random.nextInt(14)) {
            case 0, 1 -> new BpfInstruction(0x20 | sizeOf(random), 0, 0, k);
            case 2 -> new BpfInstruction(0x40 | sizeOf(random), 0, 0, random.nextInt(20));
            case 3 -> new BpfInstruction(0xb1, 0, 0, k);
            case 4 -> new BpfInstruction(0x20, 0, 0, 0xfffff000 + ancillary(random));
            case 5 -> new BpfInstruction(random.nextBoolean() ? 0x60 : 0x61, 0, 0, k % 16);
            case 6 -> new BpfInstruction(random.nextBoolean() ? 0x02 : 0x03, 0, 0, k % 16);
            case 7 -> new BpfInstruction(random.nextBoolean() ? 0x80 : 0x81, 0, 0, 0);
            case 8 -> new BpfInstruction(random.nextBoolean() ? 0x07 : 0x87, 0, 0, 0);
            case 9 ->
                    new BpfInstruction(random.nextBoolean() ? 0x00 : 0x01, 0, 0, random.nextInt());
            case 10, 11 -> arithmetic(random);
            case 12 -> new BpfInstruction(0x05, 0, 0, random.nextInt(left));
            default ->
                    new BpfInstruction(
                            0x05 | (1 + random.nextInt(4)) << 4 | (random.nextBoolean() ? 8 : 0),
                            random.nextInt(left),
                            random.nextInt(left),
                            random.nextBoolean() ? k : random.nextInt());
        };
    }

    private static BpfInstruction arithmetic(Random random) {
        int operation = random.nextInt(11) << 4;
        boolean byX = operation != 0x80 && random.nextBoolean();
        boolean shift = operation == 0x60 || operation == 0x70;
        int k = 1 + (shift ? random.nextInt(31) : random.nextInt(1 << 16));
        return new BpfInstruction(0x04 | operation | (byX ? 8 : 0), 0, 0, k);
    }

    private static int sizeOf(Random random) {
        return random.nextInt(3) << 3;
    }

    private static int ancillary(Random random) {
        int[] known = {0, 4, 8, 28, 40, 44, 48, 60};
        return known[random.nextInt(known.length)];
    }
}
