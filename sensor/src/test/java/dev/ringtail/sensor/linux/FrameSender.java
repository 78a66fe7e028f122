package dev.ringtail.sensor.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Sends frames as they are out of an interface of the calling thread's network namespace.
public final class FrameSender implements AutoCloseable {
    private final LibC libc = LibC.load();
    private final PacketSocket socket = PacketSocket.open(libc);

    public FrameSender(String interfaceName) {
        socket.bind(NetworkInterface.byName(libc, interfaceName));
    }

    public void send(byte[] frame) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(frame.length);
            MemorySegment.copy(frame, 0, data, JAVA_BYTE, 0, frame.length);
            long sent = libc.write(socket.fd(), data, frame.length);
            if (sent != frame.length) {
                throw new SyscallException(
                        "write(frame of " + frame.length + " bytes)", (int) -sent, "");
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
