package dev.ringtail.sensor.linux;

import java.lang.foreign.Arena;

/// Waits for a packet socket's ring or a wake-up, whichever is first (poll(2)).
///
/// One thread at a time. All blocks that were read must be released before, else poll returns at
/// once: the kernel looks at the most recently closed block alone (`packet_poll`).
public final class RingPoll {
    private static final int SOCKET = 0;
    private static final int WAKE_UP = 1;

    private final PollSet pollSet;
    private final EventFd wakeUp;

    /// @param arena owns the few bytes of this, and must live as long
    public RingPoll(LibC libc, PacketSocket socket, EventFd wakeUp, Arena arena) {
        this.pollSet = new PollSet(libc, arena, socket.fd(), wakeUp.fd());
        this.wakeUp = wakeUp;
    }

    /// A wait for the wake-up alone, which stands for the socket too: for a ring that no socket
    /// fills.
    ///
    /// @param arena owns the few bytes of this, and must live as long
    public RingPoll(LibC libc, EventFd wakeUp, Arena arena) {
        this.pollSet = new PollSet(libc, arena, wakeUp.fd(), wakeUp.fd());
        this.wakeUp = wakeUp;
    }

    /// Waits at most `timeoutMs` milliseconds.
    ///
    /// @return true where an error waits at the socket, to be read with [PacketSocket#takeError]
    public boolean await(int timeoutMs) {
        if (!pollSet.await(timeoutMs)) {
            return false;
        }
        if (pollSet.isReadable(WAKE_UP)) {
            wakeUp.clear();
        }
        return pollSet.hasError(SOCKET);
    }
}
