package dev.ringtail.sensor.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.schema.Packet;
import dev.ringtail.schema.PacketFlags;
import dev.ringtail.sensor.ledger.LaneTerm;
import dev.ringtail.sensor.ring.Fanout;
import dev.ringtail.sensor.ring.KernelFilter;
import dev.ringtail.sensor.ring.KernelRing;
import dev.ringtail.sensor.ring.Memberships;
import dev.ringtail.sensor.ring.SocketOptions;
import dev.ringtail.sensor.ring.TimestampSource;
import dev.ringtail.sensor.ring.VethLab;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Packets without link header, of all interfaces at once, against what tcpdump wrote of the same.
@Privileged
class CookedCaptureIT { // R19
    private static final HexFormat HEX = HexFormat.of();

    /// In every new network namespace.
    private static final int LOOPBACK_INDEX = 1;

    private final VethLab lab = new VethLab();
    @TempDir private Path folder;

    @AfterEach
    void close() {
        lab.close();
    }

    private static SocketOptions cooked(boolean immediate) {
        return new SocketOptions(
                true,
                immediate,
                Fanout.BY_FLOW,
                Memberships.PROMISCUOUS,
                TimestampSource.RECEIVE,
                false,
                false);
    }

    /// What both captures must agree in.
    private record Seen(String data, long originalLength, long timestampNs) {
        static Seen of(Packet packet) {
            ByteBuffer data = packet.getData();
            byte[] bytes = new byte[data.remaining()];
            data.duplicate().get(bytes);
            return new Seen(
                    HEX.formatHex(bytes),
                    packet.getOriginalLength(),
                    packet.getTimestampOffsetNs());
        }
    }

    @RequiresTool("tcpdump")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void agreesWithTcpdumpOnAllInterfaces(boolean immediate) throws Exception {
        KernelRing ring =
                lab.open(
                                1,
                                VethLab.GEOMETRY,
                                cooked(immediate),
                                "any",
                                KernelFilter.compileAny("", 262_144, LOOPBACK_INDEX))
                        .rings()
                        .getFirst();
        Path file = folder.resolve("any.pcap");
        Process tcpdump = startTcpdump(file);
        EncodedLab ours = new EncodedLab(LinkType.LINUX_SLL2, 262_144);
        // The kernel switches stamps on a little after it was asked to.
        await().untilAsserted(
                        () -> {
                            lab.send(List.of(VethLab.flowFrame(0, false, 9999)));
                            assertThat(ours.read(ring))
                                    .anySatisfy(
                                            p ->
                                                    assertThat(
                                                                    PacketFlags.timestampSource(
                                                                            p.getFlags()))
                                                            .isEqualTo(PacketFlags.KERNEL_RECEIVE));
                        });

        lab.send(List.of(VethLab.flowFrame(7, false, 1)));
        List<Seen> seen = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            lab.send(List.of(VethLab.flowFrame(i, false, i), VethLab.flowFrame(i, true, i)));
            lab.send(List.of(nonIp(60), nonIp(1500), vlan9100()));
            Tools.run(
                            lab.namespace.command(
                                    List.of("bash", "-c", "echo " + i + " > /dev/udp/127.0.0.1/9")))
                    .orFail();
            ours.read(ring).forEach(p -> seen.add(Seen.of(p)));
        }
        await().until(
                        () -> {
                            ours.read(ring).forEach(p -> seen.add(Seen.of(p)));
                            // On the pair twice, as it goes out and comes in; on loopback the
                            // datagram and the ICMP answer, that nobody listens.
                            return seen.size() >= 20 * (5 * 2 + 2);
                        });
        long from = seen.getFirst().timestampNs();
        long to = seen.getLast().timestampNs();

        List<Seen> theirs = new ArrayList<>();
        await().untilAsserted(
                        () -> {
                            theirs.clear();
                            theirs.addAll(read(file));
                            assertThat(theirs.getLast().timestampNs()).isGreaterThanOrEqualTo(to);
                        });
        tcpdump.destroy();
        assertThat(tcpdump.waitFor(10, TimeUnit.SECONDS)).isTrue();
        theirs.removeIf(s -> s.timestampNs() < from || s.timestampNs() > to);
        assertThat(theirs).hasSameSizeAs(seen);
        for (Seen packet : seen) {
            assertThat(theirs).contains(packet);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepsAVlanTagThatTcpdumpWouldLose(boolean immediate) throws Exception {
        KernelRing ring = open(cooked(immediate), "", 262_144, "a1");
        byte[] inner = VethLab.flowFrame(1, false, 1);
        byte[] tagged = new byte[64];
        System.arraycopy(inner, 0, tagged, 0, 12);
        System.arraycopy(HEX.parseHex("8100a064"), 0, tagged, 12, 4);
        System.arraycopy(inner, 12, tagged, 16, 48);

        lab.send(List.of(tagged));

        Packet packet = readOne(ring, 262_144);
        String index =
                "%08x"
                        .formatted(
                                Integer.parseInt(
                                        lab.namespace
                                                .run("cat /sys/class/net/a1/ifindex")
                                                .stdout()
                                                .strip()));
        // Protocol, reserved, interface, ARPHRD_ETHER, for another host, address; then the tag.
        assertThat(Seen.of(packet).data())
                .isEqualTo(
                        "8100"
                                + "0000"
                                + index
                                + "0001"
                                + "03"
                                + "06"
                                + "0200000000000000"
                                + "a0640800"
                                + HEX.formatHex(inner, 14, 60));
        assertThat(packet.getOriginalLength()).isEqualTo(20 + 4 + 46);
        assertThat(packet.getFlags() & PacketFlags.VLAN_RESTORED).isNotZero();
    }

    @Test
    void keepsBothTagsOfQinQ() throws Exception {
        KernelRing ring = open(cooked(false), "", 262_144, "a1");
        byte[] inner = VethLab.flowFrame(1, false, 1);
        byte[] tagged = new byte[68];
        System.arraycopy(inner, 0, tagged, 0, 12);
        System.arraycopy(HEX.parseHex("88a8000581000006"), 0, tagged, 12, 8);
        System.arraycopy(inner, 12, tagged, 20, 48);

        lab.send(List.of(tagged));

        // The kernel took out the outer tag; of the inner one it leaves TCI and type in the packet,
        // and newer ones name the type behind it as the packet's protocol.
        assertThat(Seen.of(readOne(ring, 262_144)).data())
                .startsWith("88a80000")
                .containsPattern("0200000000000000" + "0005" + "(8100|0800)" + "0006" + "0800")
                .endsWith("00060800" + HEX.formatHex(inner, 14, 60));
    }

    @Test
    void countsTheHeaderInTheSnapLength() throws Exception {
        KernelRing ring = open(cooked(false), "", 64, "a1");

        lab.send(List.of(nonIp(1500)));

        Packet packet = readOne(ring, 64);
        assertThat(packet.getData().remaining()).isEqualTo(64);
        assertThat(packet.getOriginalLength()).isEqualTo(20 + 1500 - 14);
    }

    @Test
    void filtersInTheKernel() throws Exception {
        KernelRing ring =
                open(cooked(false), "inbound and ip and udp dst port 1031", 262_144, "any");

        lab.send(List.of(nonIp(60), VethLab.flowFrame(7, false, 1), VethLab.flowFrame(7, true, 2)));
        lab.send(List.of(VethLab.flowFrame(8, true, 3), VethLab.flowFrame(7, true, 4)));

        List<Packet> read = new ArrayList<>();
        EncodedLab ours = new EncodedLab(LinkType.LINUX_SLL2, 262_144);
        await().until(() -> read.addAll(ours.read(ring)) && read.size() >= 2);
        assertThat(read).hasSize(2);
        assertThat(ring.takeStatistics().packets()).isEqualTo(2);
    }

    @Test
    void refusesToReadAllInterfacesWithTheirLinkHeaders() {
        assertThatThrownBy(
                        () ->
                                lab.open(
                                        1,
                                        VethLab.GEOMETRY,
                                        SocketOptions.DEFAULTS,
                                        "any",
                                        VethLab.everything()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("interface any can only be read cooked");
    }

    private KernelRing open(
            SocketOptions options, String filter, int snapLength, String interfaceName)
            throws Exception {
        return lab.open(
                        1,
                        VethLab.GEOMETRY,
                        options,
                        interfaceName,
                        KernelFilter.compileCooked(filter, snapLength, true))
                .rings()
                .getFirst();
    }

    private static Packet readOne(KernelRing ring, int snapLength) {
        EncodedLab ours = new EncodedLab(LinkType.LINUX_SLL2, snapLength);
        List<Packet> read = new ArrayList<>();
        await().until(
                        () -> {
                            read.addAll(ours.read(ring));
                            return ours.counters.packets(LaneTerm.RECEIVED) > 0;
                        });
        assertThat(read).hasSize(1);
        return read.getFirst();
    }

    private static byte[] nonIp(int length) {
        byte[] frame = new byte[length];
        System.arraycopy(HEX.parseHex("02000000000202000000000188b5"), 0, frame, 0, 14);
        return frame;
    }

    private static byte[] vlan9100() {
        byte[] frame = nonIp(60);
        frame[12] = (byte) 0x91;
        frame[13] = 0;
        return frame;
    }

    private Process startTcpdump(Path file) throws IOException {
        Path messages = file.resolveSibling("tcpdump.err");
        Process tcpdump =
                new ProcessBuilder(
                                lab.namespace.command(
                                        List.of(
                                                "tcpdump",
                                                "-i",
                                                "any",
                                                "-y",
                                                "LINUX_SLL2",
                                                "--time-stamp-precision=nano",
                                                "-U",
                                                "-B",
                                                "65536",
                                                "-w",
                                                file.toString())))
                        .redirectError(messages.toFile())
                        .start();
        await().untilAsserted(
                        () -> assertThat(Files.readString(messages)).contains("listening on"));
        return tcpdump;
    }

    private static List<Seen> read(Path file) throws IOException {
        List<Seen> packets = new ArrayList<>();
        try (CaptureFileReader reader = CaptureFileReader.open(file)) {
            while (reader.next()) {
                byte[] data =
                        Arrays.copyOfRange(
                                reader.data(),
                                reader.dataOffset(),
                                reader.dataOffset() + reader.dataLength());
                // Behind the address libpcap leaves what another packet had there before.
                Arrays.fill(data, 12 + data[11], 20, (byte) 0);
                packets.add(
                        new Seen(
                                HEX.formatHex(data),
                                reader.originalLength(),
                                reader.timestampNs()));
            }
        }
        return packets;
    }
}
