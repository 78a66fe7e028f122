package dev.ringtail.sensor.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.sensor.linux.FrameSender;
import dev.ringtail.sensor.linux.InNamespace;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.NetworkInterface;
import dev.ringtail.testing.NetworkNamespace;

import java.util.ArrayList;
import java.util.List;

/// A veth pair in a network namespace of its own: frames go out of `a0`, rings are on `a1`. Groups
/// that it opened are closed with it.
public final class VethLab implements AutoCloseable {
    /// Four blocks, closed 20 ms after their first packet.
    public static final RingGeometry GEOMETRY = PacketRingContract.GEOMETRY;

    /// Where [#flowFrame] puts its number: behind the UDP header.
    public static final int NUMBER_OFFSET = 50;

    public final LibC libc = LibC.load();
    public final NetworkNamespace namespace = NetworkNamespace.create();
    private final List<FanoutGroup> groups = new ArrayList<>();

    public VethLab() {
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
    }

    /// A group on `a1` that lets everything in.
    public FanoutGroup open(int ringCount, RingGeometry geometry, SocketOptions options)
            throws Exception {
        return open(ringCount, geometry, options, "a1", everything());
    }

    /// A group that listens.
    public FanoutGroup open(
            int ringCount,
            RingGeometry geometry,
            SocketOptions options,
            String interfaceName,
            BpfProgram filter)
            throws Exception {
        return InNamespace.call(
                namespace,
                () -> {
                    FanoutGroup group = FanoutGroup.open(libc, ringCount, geometry, options);
                    groups.add(group);
                    group.join(
                            interfaceName.equals("any")
                                    ? NetworkInterface.any()
                                    : NetworkInterface.byName(libc, interfaceName));
                    group.listen(filter);
                    return group;
                });
    }

    /// Sends out of `a0`.
    public void send(List<byte[]> frames) throws Exception {
        send("a0", frames);
    }

    public void send(String interfaceName, List<byte[]> frames) throws Exception {
        InNamespace.call(
                namespace,
                () -> {
                    try (FrameSender sender = new FrameSender(interfaceName)) {
                        frames.forEach(sender::send);
                        return null;
                    }
                });
    }

    /// Lets everything in, the outgoing packets too.
    public static BpfProgram everything() {
        return KernelFilter.compile("", "", 262_144, true);
    }

    /// The defaults, spread otherwise.
    public static SocketOptions spread(Fanout fanout) {
        SocketOptions defaults = SocketOptions.DEFAULTS;
        return new SocketOptions(
                defaults.cooked(),
                defaults.immediate(),
                fanout,
                defaults.memberships(),
                defaults.timestamps(),
                defaults.ignoreOutgoing(),
                defaults.lockFilter());
    }

    /// The defaults, in TPACKET_V2.
    public static SocketOptions immediate(boolean cooked) {
        SocketOptions defaults = SocketOptions.DEFAULTS;
        return new SocketOptions(
                cooked,
                true,
                defaults.fanout(),
                defaults.memberships(),
                defaults.timestamps(),
                defaults.ignoreOutgoing(),
                defaults.lockFilter());
    }

    /// A UDP frame of 60 bytes from port `flow` of 10.0.0.1 to port 53 of 10.0.0.2, or back.
    public static byte[] flowFrame(int flow, boolean back, int number) {
        byte[] frame = PacketRingContract.frame(60, number);
        frame[12] = 0x08;
        frame[13] = 0x00;
        frame[14] = 0x45;
        frame[17] = 46;
        frame[22] = 64;
        frame[23] = 17;
        frame[26] = 10;
        frame[29] = (byte) (back ? 2 : 1);
        frame[30] = 10;
        frame[33] = (byte) (back ? 1 : 2);
        putPort(frame, back ? 36 : 34, 1024 + flow);
        putPort(frame, back ? 34 : 36, 53);
        frame[39] = 26;
        checksum(frame);
        return frame;
    }

    private static void putPort(byte[] frame, int at, int port) {
        frame[at] = (byte) (port >>> 8);
        frame[at + 1] = (byte) port;
    }

    /// RFC 791: the kernel drops packets with a wrong one before it puts fragments together.
    static void checksum(byte[] frame) {
        frame[24] = 0;
        frame[25] = 0;
        int sum = 0;
        for (int i = 14; i < 34; i += 2) {
            sum += (frame[i] & 0xff) << 8 | frame[i + 1] & 0xff;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        putPort(frame, 24, ~sum);
    }

    @Override
    public void close() {
        groups.forEach(FanoutGroup::close);
        namespace.close();
    }
}
