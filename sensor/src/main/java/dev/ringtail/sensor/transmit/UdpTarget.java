package dev.ringtail.sensor.transmit;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.UdpSocket;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/// A receiver of VXLAN datagrams, with the socket that is connected to it.
final class UdpTarget implements FrameTarget {
    /// 65 535 less the headers of IPv4 and UDP.
    private static final int MAX_PAYLOAD_BYTES_4 = 65_507;

    /// 65 535 less UDP's; IPv6 does not count its own.
    private static final int MAX_PAYLOAD_BYTES_6 = 65_527;

    private final UdpSocket socket;
    private final Arena arena;
    private final VxlanSink sink;
    private final OwnDatagrams own;

    private UdpTarget(UdpSocket socket, Arena arena, VxlanSink sink) {
        this.socket = socket;
        this.arena = arena;
        this.sink = sink;
        this.own = new OwnDatagrams(socket.local(), socket.remote());
    }

    /// Opens the socket, in the calling thread's network namespace.
    ///
    /// @param remote a resolved address
    /// @param vni VXLAN network identifier
    /// @param counters where what becomes of the frames is counted
    static UdpTarget open(LibC libc, InetSocketAddress remote, int vni, TransmitCounters counters) {
        UdpSocket socket = UdpSocket.connect(libc, remote);
        Arena arena = Arena.ofShared();
        VxlanSink sink =
                new VxlanSink(
                        socket::send,
                        vni,
                        remote.getAddress() instanceof Inet6Address
                                ? MAX_PAYLOAD_BYTES_6
                                : MAX_PAYLOAD_BYTES_4,
                        counters,
                        arena,
                        System::nanoTime);
        return new UdpTarget(socket, arena, sink);
    }

    @Override
    public FrameSink sink() {
        return sink;
    }

    @Override
    public int linkType() {
        return LinkType.ETHERNET;
    }

    @Override
    public boolean isOwn(MemorySegment memory, long at, int length) {
        return own.matches(memory, at, length);
    }

    @Override
    public void close() {
        socket.close();
        arena.close();
    }
}
