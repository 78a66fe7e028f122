package dev.ringtail.sensor.linux;

import static dev.ringtail.sensor.linux.Structs.SOCKADDR_NL;
import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A NETLINK_ROUTE socket ([rtnetlink(7)](https://man7.org/linux/man-pages/man7/rtnetlink.7.html))
/// of the network namespace that the opening thread is in. One thread at a time.
///
/// Who sent a message is not looked at: to send to another process's socket of this protocol takes
/// CAP_NET_ADMIN (no NL_CFG_F_NONROOT_SEND in the kernel's rtnetlink).
final class NetlinkSocket implements AutoCloseable {
    /// What became of [#receive].
    enum Received {
        /// Messages were handed over.
        MESSAGES,
        /// Nothing waits.
        NOTHING,
        /// The kernel dropped messages for which there was no room.
        OVERRUN
    }

    /// The kernel fills datagrams of a dump to 32 KiB at most (`netlink_recvmsg`).
    private static final int BUFFER_BYTES = 1 << 16;

    private static final int ANSWER_TIMEOUT_MS = 5_000;

    private final LibC libc;
    private final int fd;
    private final Arena arena;
    private final MemorySegment buffer;
    private final PollSet pollSet;
    private int sequence;

    private NetlinkSocket(LibC libc, int fd) {
        this.libc = libc;
        this.fd = fd;
        this.arena = Arena.ofShared();
        this.buffer = arena.allocate(BUFFER_BYTES, Long.BYTES);
        this.pollSet = new PollSet(libc, arena, fd);
    }

    /// Opens a socket.
    ///
    /// @param groups RTMGRP_* whose notifications it receives, 0 for none
    static NetlinkSocket open(LibC libc, int groups) {
        int fd =
                libc.socket(
                        NetlinkConstants.AF_NETLINK,
                        PacketConstants.SOCK_RAW | PacketConstants.SOCK_CLOEXEC,
                        NetlinkConstants.NETLINK_ROUTE);
        if (fd < 0) {
            throw new SyscallException("socket(AF_NETLINK, NETLINK_ROUTE)", -fd, "");
        }
        NetlinkSocket socket = new NetlinkSocket(libc, fd);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SOCKADDR_NL);
            address.set(
                    JAVA_SHORT,
                    offsetOf(SOCKADDR_NL, "nl_family"),
                    (short) NetlinkConstants.AF_NETLINK);
            address.set(JAVA_INT, offsetOf(SOCKADDR_NL, "nl_groups"), groups);
            int result = libc.bind(fd, address, (int) address.byteSize());
            if (result < 0) {
                socket.close();
                throw new SyscallException(
                        "bind(AF_NETLINK, groups 0x%x)".formatted(groups), -result, "");
            }
            return socket;
        }
    }

    /// File descriptor, for poll(2).
    int fd() {
        return fd;
    }

    /// Reads one datagram and hands its messages over, which are valid during that call alone.
    /// Never waits.
    Received receive(Consumer<NetlinkMessage> sink) {
        long length =
                libc.recv(
                        fd,
                        buffer,
                        BUFFER_BYTES,
                        NetlinkConstants.MSG_DONTWAIT | NetlinkConstants.MSG_TRUNC);
        if (Errno.EAGAIN.is(length)) {
            return Received.NOTHING;
        }
        if (Errno.ENOBUFS.is(length) || length > BUFFER_BYTES) {
            return Received.OVERRUN;
        }
        if (length < 0) {
            throw new SyscallException("recv(NETLINK_ROUTE)", (int) -length, "");
        }
        NetlinkMessage.parse(buffer.asSlice(0, length)).forEach(sink);
        return Received.MESSAGES;
    }

    /// Asks for a dump (NLM_F_DUMP) and hands over its messages until the one that ends it.
    ///
    /// @param type RTM_GET* request
    /// @param body of the request
    /// @return false where the dumped changed meanwhile, so that some may be missing
    ///   (NLM_F_DUMP_INTR)
    boolean dump(int type, MemorySegment body, Consumer<NetlinkMessage> sink) {
        return exchange(type, NetlinkConstants.NLM_F_DUMP, body, sink);
    }

    /// Asks for one thing and hands over the message that answers.
    ///
    /// @param type RTM_GET* request
    /// @param body of the request
    /// @throws SyscallException the kernel's error, ENODEV for a link that is not there
    void request(int type, MemorySegment body, Consumer<NetlinkMessage> sink) {
        boolean _ = exchange(type, 0, body, sink);
    }

    private boolean exchange(
            int type, int flags, MemorySegment body, Consumer<NetlinkMessage> sink) {
        sequence++;
        String call = "NETLINK_ROUTE request %d".formatted(type);
        send(type, flags, body, call);
        AnswerReader reader = new AnswerReader(sequence, flags == 0, call, sink);
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWER_TIMEOUT_MS);
        while (!reader.done) {
            pollSet.await(ANSWER_TIMEOUT_MS);
            Received received = receive(reader);
            if (received == Received.OVERRUN) {
                throw new SyscallException(call, Errno.ENOBUFS.number(), "");
            }
            if (received == Received.NOTHING && System.nanoTime() - deadlineNs > 0) {
                throw new SyscallException(
                        call, Errno.ETIMEDOUT.number(), "the kernel's answer broke off");
            }
        }
        return !reader.interrupted;
    }

    private void send(int type, int flags, MemorySegment body, String call) {
        try (Arena confined = Arena.ofConfined()) {
            MemorySegment request = confined.allocate(NetlinkMessage.lengthBytes(body));
            NetlinkMessage.write(
                    request, type, NetlinkConstants.NLM_F_REQUEST | flags, sequence, body);
            long sent = libc.send(fd, request, request.byteSize(), 0);
            if (sent < 0) {
                throw new SyscallException(call, (int) -sent, "");
            }
        }
    }

    @Override
    public void close() {
        libc.close(fd);
        arena.close();
    }

    /// Sorts out the messages of one answer.
    private static final class AnswerReader implements Consumer<NetlinkMessage> {
        private final int sequence;
        private final boolean single;
        private final String call;
        private final Consumer<NetlinkMessage> sink;
        private boolean done;
        private boolean interrupted;

        /// @param single whether one message is the answer, not all until NLMSG_DONE
        AnswerReader(int sequence, boolean single, String call, Consumer<NetlinkMessage> sink) {
            this.sequence = sequence;
            this.single = single;
            this.call = call;
            this.sink = sink;
        }

        @Override
        public void accept(NetlinkMessage message) {
            if (message.sequence() != sequence) {
                return; // What an answer before this one, which broke off, left behind.
            }
            interrupted |= (message.flags() & NetlinkConstants.NLM_F_DUMP_INTR) != 0;
            switch (message.type()) {
                case NetlinkConstants.NLMSG_ERROR, NetlinkConstants.NLMSG_DONE -> {
                    done = true;
                    if (message.error() != 0) {
                        throw new SyscallException(call, message.error(), "");
                    }
                }
                default -> {
                    done |= single;
                    sink.accept(message);
                }
            }
        }
    }
}
