package dev.ringtail.sensor.transmit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ringtail.sensor.linux.FrameSender;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// `forward` between veth pairs, and to UDP; tcpdump, tshark and the kernel's own VXLAN device are
/// the witnesses.
@Privileged
@RequiresTool("tcpdump")
@Timeout(120)
class ForwardIT {
    @TempDir private Path folder;

    private final TransmitLab lab = new TransmitLab();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void passesFramesOfEveryKindOnToAnotherInterface() throws Exception {
        List<byte[]> frames =
                Collections.nCopies(50, TransmitFrames.everyKind()).stream()
                        .flatMap(List::stream)
                        .toList();
        Path summary = folder.resolve("summary.json");
        try (Tcpdump witness = Tcpdump.start(lab.namespace, "b1", folder)) {
            RunningForward forward =
                    RunningForward.start(
                            lab, "-i", "a1", "--to", "b0", "--summary", summary.toString());
            send("a0", frames);
            TransmitLab.Outcome outcome = forward.stop();

            assertThat(outcome.exit()).as(outcome.err()).isZero();
            assertThat(outcome.out())
                    .containsPattern("kernelPackets +550")
                    .containsPattern("sent +550")
                    .endsWith("balanced\n");
            assertThat(witness.await(frames.size()))
                    .usingElementComparator(TransmitFrames.BYTES)
                    .isEqualTo(frames);
        }
        JsonNode json = new ObjectMapper().readTree(summary.toFile());
        assertThat(json.get("balanced").booleanValue()).isTrue();
        assertThat(json.get("received").longValue()).isEqualTo(550);
        assertThat(json.get("sent").longValue()).isEqualTo(550);
        assertThat(json.get("bytes").get("sent").longValue())
                .isEqualTo(frames.stream().mapToLong(f -> f.length).sum());
        assertThat(json.get("notSent").isEmpty()).isTrue();
    }

    @Test
    void forwardsWhatTheFilterAcceptsCutToTheSnapLength() throws Exception {
        List<byte[]> frames = TransmitFrames.random(20, 1000, new Random(1));
        List<byte[]> expected =
                frames.stream()
                        .filter(f -> f.length > 500)
                        .map(f -> java.util.Arrays.copyOf(f, 200))
                        .toList();
        try (Tcpdump witness = Tcpdump.start(lab.namespace, "b1", folder)) {
            RunningForward forward =
                    RunningForward.start(
                            lab, "-i", "a1", "--to", "b0", "-s", "200", "-f", "greater 501");
            send("a0", frames);
            TransmitLab.Outcome outcome = forward.stop();

            assertThat(outcome.exit()).as(outcome.err()).isZero();
            assertThat(outcome.out()).containsPattern("cut +" + expected.size());
            assertThat(witness.await(expected.size()))
                    .usingElementComparator(TransmitFrames.BYTES)
                    .isEqualTo(expected);
        }
    }

    @Test
    void forwardsWhatTheHostSendsOnlyWhenAsked() throws Exception {
        List<byte[]> frames = TransmitFrames.random(5, 100, new Random(2));

        RunningForward incoming = RunningForward.start(lab, "-i", "a0", "--to", "b0");
        send("a0", frames);
        TransmitLab.Outcome without = incoming.stop();
        RunningForward both = RunningForward.start(lab, "-i", "a0", "--to", "b0", "--outgoing");
        send("a0", frames);
        TransmitLab.Outcome with = both.stop();

        assertThat(without.out()).containsPattern("received +0").endsWith("balanced\n");
        assertThat(with.out()).containsPattern("sent +5").endsWith("balanced\n");
    }

    @Test
    void countsWhatTheTargetDoesNotTake() throws Exception {
        lab.namespace.run("ip link set a0 mtu 9000");
        lab.namespace.run("ip link set a1 mtu 9000");
        RunningForward forward = RunningForward.start(lab, "-i", "a1", "--to", "b0");
        send(
                "a0",
                List.of(
                        TransmitFrames.numbered(1, 9000, new Random(1)),
                        TransmitFrames.numbered(2, 1514, new Random(2))));
        TransmitLab.Outcome outcome = forward.stop();

        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .containsPattern("sent +1 +1,514")
                .containsPattern("notSent tooLong +1 +9,000")
                .endsWith("balanced\n");
    }

    @Test
    void countsWhatATargetThatIsDownDoesNotTake() throws Exception {
        RunningForward forward = RunningForward.start(lab, "-i", "a1", "--to", "b0");
        lab.namespace.run("ip link set b0 down");
        send("a0", TransmitFrames.random(5, 100, new Random(3)));
        TransmitLab.Outcome outcome = forward.stop();

        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.out()).containsPattern("notSent ENETDOWN +5").endsWith("balanced\n");
    }

    @Test
    void endsWhenTheTargetIsGone() throws Exception {
        RunningForward forward = RunningForward.start(lab, "-i", "a1", "--to", "b0");
        lab.namespace.run("ip link del b0");
        send("a0", TransmitFrames.random(5, 100, new Random(4)));
        TransmitLab.Outcome outcome = forward.awaitEnd();

        assertThat(outcome.exit()).isOne();
        assertThat(outcome.err()).contains("ringtail forward: send(transmit ring): ENXIO");
        assertThat(outcome.out()).containsPattern("notSent ENXIO +5").endsWith("balanced\n");
    }

    @Test
    void sendsDatagramsThatAVxlanDeviceTakesApart() throws Exception {
        List<byte[]> frames = new ArrayList<>(TransmitFrames.everyKind());
        frames.addAll(TransmitFrames.random(300, 1514, new Random(5)));
        lab.namespace.run("ip link add vx0 type vxlan id 7 dstport 4789 local 127.0.0.1");
        lab.namespace.run("ip link set vx0 up");
        try (Tcpdump witness = Tcpdump.start(lab.namespace, "vx0", folder)) {
            RunningForward forward =
                    RunningForward.start(
                            lab, "-i", "a1", "--to", "udp:127.0.0.1:4789", "--vni", "7");
            send("a0", frames);
            TransmitLab.Outcome outcome = forward.stop();

            assertThat(outcome.exit()).as(outcome.err()).isZero();
            assertThat(outcome.out())
                    .containsPattern("sent +" + frames.size())
                    .endsWith("balanced\n");
            assertThat(witness.await(frames.size()))
                    .usingElementComparator(TransmitFrames.BYTES)
                    .isEqualTo(frames);
        }
    }

    @Test
    @RequiresTool("tshark")
    void sendsDatagramsThatTsharkDecodesOverIpv6Too() throws Exception {
        lab.namespace.run("sysctl -qw net.ipv6.conf.lo.disable_ipv6=0");
        List<byte[]> frames = TransmitFrames.everyKind();
        try (DatagramSocket receiver = lab.call(() -> new DatagramSocket(0, loopback6()));
                Tcpdump witness = Tcpdump.start(lab.namespace, "lo", folder)) {
            RunningForward forward =
                    RunningForward.start(
                            lab, "-i", "a1", "--to", "udp:[::1]:" + receiver.getLocalPort());
            send("a0", frames);
            TransmitLab.Outcome outcome = forward.stop();
            assertThat(outcome.exit()).as(outcome.err()).isZero();

            receiver.setSoTimeout(10_000);
            for (byte[] frame : frames) {
                DatagramPacket datagram = new DatagramPacket(new byte[2000], 2000);
                receiver.receive(datagram);
                byte[] inner =
                        java.util.Arrays.copyOfRange(
                                datagram.getData(), VxlanSink.HEADER_BYTES, datagram.getLength());
                assertThat(inner).isEqualTo(frame);
            }
            witness.await(frames.size());
            String port = String.valueOf(receiver.getLocalPort());
            String decoded = tshark(witness, port, "vxlan.vni", "frame.protocols");
            assertThat(decoded.lines())
                    .hasSize(frames.size())
                    .allMatch(line -> line.startsWith("1\teth:ethertype:ipv6:udp:vxlan:eth:"));
            assertThat(decoded.lines().toList().get(4)).endsWith(":vlan:ethertype:ip:udp:dns");
        }
    }

    @Test
    void forwardsItsOwnDatagramsNoFurtherNorTheErrorsThatAnswerThem() throws Exception {
        // So small that full-size frames leave in fragments, and nobody listens.
        lab.namespace.run("ip link set lo mtu 1500");
        RunningForward forward =
                RunningForward.start(lab, "-i", "lo", "--to", "udp:127.0.0.1:4789");
        try (Tcpdump witness = Tcpdump.start(lab.namespace, "lo", folder);
                DatagramSocket receiver = lab.call(() -> new DatagramSocket(0, loopback4()));
                DatagramSocket sender = lab.call(() -> new DatagramSocket(0, loopback4()))) {
            for (int length : new int[] {100, 1472, 1000}) {
                sender.send(
                        new DatagramPacket(
                                new byte[length], length, loopback4(), receiver.getLocalPort()));
            }
            // Those three, the tap's four (one is in two fragments), and the first ICMP error. What
            // tcpdump has seen is in the ring as well, so a loop would have begun by now.
            witness.await(8);
        }
        TransmitLab.Outcome outcome = forward.stop();

        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("excluded ownTraffic").endsWith("balanced\n");
        long forwarded =
                count(outcome.out(), "sent") + count(outcome.out(), "notSent ECONNREFUSED");
        assertThat(forwarded).as(outcome.out()).isEqualTo(3);
    }

    @Test
    void refusesTargetsFromWhichEverythingComesBack() throws Exception {
        lab.namespace.run("ip link add br0 type bridge");
        lab.namespace.run("ip link set a0 master br0");
        lab.namespace.run("ip link set br0 up");

        TransmitLab.Outcome same = lab.run("forward", "-i", "a1", "--to", "a1");
        TransmitLab.Outcome peer = lab.run("forward", "-i", "b1", "--to", "b0");
        lab.namespace.run("ip link set b0 master br0");
        TransmitLab.Outcome bridged = lab.run("forward", "-i", "a1", "--to", "b1");

        assertThat(same.exit()).isEqualTo(2);
        assertThat(same.err()).contains("--to: a1 is the interface that is captured");
        assertThat(peer.exit()).isEqualTo(2);
        assertThat(peer.err())
                .contains(
                        "--to: what is sent out of b0 comes back at b1; it would be forwarded for"
                                + " ever");
        assertThat(bridged.exit()).isEqualTo(2);
        assertThat(bridged.err()).contains("--to: what is sent out of b1 comes back at a1;");
    }

    @Test
    void endsWhenALoopIsMadeLater() throws Exception {
        lab.namespace.run("ip link add br0 type bridge");
        lab.namespace.run("ip link set a0 master br0");
        lab.namespace.run("ip link set br0 up");
        RunningForward forward = RunningForward.start(lab, "-i", "a1", "--to", "b1");

        lab.namespace.run("ip link set b0 master br0");
        TransmitLab.Outcome outcome = forward.awaitEnd();

        assertThat(outcome.exit()).isOne();
        assertThat(outcome.err()).contains("what is sent out of b1 comes back at a1;");
        assertThat(outcome.out()).endsWith("balanced\n");
    }

    @Test
    void saysWhatIsWrongWithTheArguments() throws Exception {
        lab.namespace.run("ip tuntap add t0 mode tun");
        lab.namespace.run("ip link set t0 up");

        TransmitLab.Outcome none = lab.run("forward", "-i", "a1", "--to", "nope0");
        TransmitLab.Outcome raw = lab.run("forward", "-i", "a1", "--to", "t0");
        TransmitLab.Outcome vni = lab.run("forward", "-i", "a1", "--to", "b0", "--vni", "5");
        TransmitLab.Outcome snap = lab.run("forward", "-i", "a1", "--to", "b0", "-s", "10");
        TransmitLab.Outcome route = lab.run("forward", "-i", "a1", "--to", "udp:192.0.2.1:4789");

        assertThat(none.exit()).isEqualTo(2);
        assertThat(none.err()).contains("interface nope0: ENODEV");
        assertThat(raw.exit()).isEqualTo(2);
        assertThat(raw.err()).contains("--to: t0 takes link type RAW, and a1 has ETHERNET");
        assertThat(vni.exit()).isEqualTo(2);
        assertThat(vni.err()).contains("--vni goes with --to udp:HOST:PORT alone");
        assertThat(snap.exit()).isEqualTo(2);
        assertThat(snap.err()).contains("'-s': 10 is not between 128 and 262144");
        assertThat(route.exit()).isOne();
        assertThat(route.err()).contains("connect(UDP, /192.0.2.1:4789): ENETUNREACH");
    }

    private void send(String interfaceName, List<byte[]> frames) throws Exception {
        lab.call(
                () -> {
                    try (FrameSender sender = new FrameSender(interfaceName)) {
                        frames.forEach(sender::send);
                    }
                    return null;
                });
    }

    private static String tshark(Tcpdump witness, String vxlanPort, String... fields) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "tshark",
                                "-r",
                                witness.file().toString(),
                                "-d",
                                "udp.port==" + vxlanPort + ",vxlan",
                                "-Y",
                                "vxlan",
                                "-T",
                                "fields"));
        for (String field : fields) {
            command.addAll(List.of("-e", field));
        }
        return Tools.run(command).orFail().stdout();
    }

    private static long count(String table, String term) {
        return table.lines()
                .filter(line -> line.matches(term + " .*"))
                .mapToLong(
                        line ->
                                Long.parseLong(
                                        line.substring(term.length())
                                                .strip()
                                                .split(" ", -1)[0]
                                                .replace(",", "")))
                .sum();
    }

    private static InetAddress loopback4() throws Exception {
        return InetAddress.getByName("127.0.0.1");
    }

    private static InetAddress loopback6() throws Exception {
        return InetAddress.getByName("::1");
    }
}
