package dev.ringtail.sensor.linux;

import static dev.ringtail.sensor.linux.Structs.SOCKADDR_IN;
import static dev.ringtail.sensor.linux.Structs.SOCKADDR_IN6;
import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/// A UDP socket ([udp(7)](https://man7.org/linux/man-pages/man7/udp.7.html)) that is connected to
/// one receiver, for messages in batches.
///
/// IP_RECVERR is set: only so does the kernel tell of a datagram that it dropped in a queue of this
/// machine (ENOBUFS), and of every ICMP error. Such an error is told to the next call, which then
/// has sent nothing. One thread at a time.
public final class UdpSocket implements AutoCloseable {
    private static final ValueLayout.OfShort NETWORK_SHORT =
            JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private final LibC libc;
    private final int fd;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;

    private UdpSocket(LibC libc, int fd, InetSocketAddress local, InetSocketAddress remote) {
        this.libc = libc;
        this.fd = fd;
        this.local = local;
        this.remote = remote;
    }

    /// Opens a socket in the calling thread's network namespace.
    ///
    /// @param remote a resolved address
    /// @throws SyscallException naming the step that failed
    public static UdpSocket connect(LibC libc, InetSocketAddress remote) {
        boolean ipv6 = remote.getAddress() instanceof Inet6Address;
        int fd =
                check(
                        libc.socket(
                                ipv6 ? PacketConstants.AF_INET6 : PacketConstants.AF_INET,
                                PacketConstants.SOCK_DGRAM | PacketConstants.SOCK_CLOEXEC,
                                0),
                        "socket(SOCK_DGRAM)",
                        "");
        try (Arena arena = Arena.ofConfined()) {
            check(
                    libc.setsockopt(
                            fd,
                            ipv6 ? PacketConstants.SOL_IPV6 : PacketConstants.SOL_IP,
                            ipv6 ? PacketConstants.IPV6_RECVERR : PacketConstants.IP_RECVERR,
                            arena.allocateFrom(JAVA_INT, 1),
                            Integer.BYTES),
                    "setsockopt(IP_RECVERR)",
                    "");
            MemorySegment address = ipv6 ? ipv6Address(remote, arena) : ipv4Address(remote, arena);
            check(
                    libc.connect(fd, address, (int) address.byteSize()),
                    "connect(UDP, " + remote + ")",
                    "is there a route to it?");
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) address.byteSize());
            check(libc.getsockname(fd, address, length), "getsockname()", "");
            return new UdpSocket(libc, fd, socketAddress(address, ipv6), remote);
        } catch (RuntimeException e) {
            libc.close(fd);
            throw e;
        }
    }

    private static MemorySegment ipv4Address(InetSocketAddress from, Arena arena) {
        MemorySegment address = arena.allocate(SOCKADDR_IN);
        address.set(JAVA_SHORT, 0, (short) PacketConstants.AF_INET);
        address.set(NETWORK_SHORT, offsetOf(SOCKADDR_IN, "sin_port"), (short) from.getPort());
        byte[] bytes = from.getAddress().getAddress();
        MemorySegment.copy(
                bytes, 0, address, JAVA_BYTE, offsetOf(SOCKADDR_IN, "sin_addr"), bytes.length);
        return address;
    }

    private static MemorySegment ipv6Address(InetSocketAddress from, Arena arena) {
        MemorySegment address = arena.allocate(SOCKADDR_IN6);
        address.set(JAVA_SHORT, 0, (short) PacketConstants.AF_INET6);
        address.set(NETWORK_SHORT, offsetOf(SOCKADDR_IN6, "sin6_port"), (short) from.getPort());
        byte[] bytes = from.getAddress().getAddress();
        MemorySegment.copy(
                bytes, 0, address, JAVA_BYTE, offsetOf(SOCKADDR_IN6, "sin6_addr"), bytes.length);
        int scope = ((Inet6Address) from.getAddress()).getScopeId();
        address.set(JAVA_INT, offsetOf(SOCKADDR_IN6, "sin6_scope_id"), scope);
        return address;
    }

    private static InetSocketAddress socketAddress(MemorySegment address, boolean ipv6) {
        long at = ipv6 ? offsetOf(SOCKADDR_IN6, "sin6_addr") : offsetOf(SOCKADDR_IN, "sin_addr");
        byte[] bytes = address.asSlice(at, ipv6 ? 16 : 4).toArray(JAVA_BYTE);
        int port = address.get(NETWORK_SHORT, offsetOf(SOCKADDR_IN, "sin_port")) & 0xffff;
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are addresses", e);
        }
    }

    /// Where the datagrams come from: address and port that the kernel chose.
    public InetSocketAddress local() {
        return local;
    }

    /// Where they go.
    public InetSocketAddress remote() {
        return remote;
    }

    /// Sends messages of a batch; does not wait.
    ///
    /// @param messages `struct mmsghdr`s
    /// @return how many were sent, from the first on, or a negated errno where the first was not
    public int send(MemorySegment messages, int count) {
        return libc.sendmmsg(fd, messages, count, PacketConstants.MSG_DONTWAIT);
    }

    @Override
    public void close() {
        libc.close(fd);
    }

    private static int check(int result, String call, String remedy) {
        if (result < 0) {
            throw new SyscallException(call, -result, remedy);
        }
        return result;
    }
}
