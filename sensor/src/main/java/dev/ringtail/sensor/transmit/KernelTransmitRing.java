package dev.ringtail.sensor.transmit;

import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.NetworkInterface;
import dev.ringtail.sensor.linux.PacketSocket;

import java.lang.foreign.Arena;

/// A transmit ring of the kernel, with its socket, which receives nothing.
///
/// Frames that the device still uses when this is closed are sent all the same: the kernel keeps
/// their memory.
final class KernelTransmitRing implements TransmitPort, AutoCloseable {
    private final PacketSocket socket;
    private final Arena arena;
    private final TransmitRing slots;

    private KernelTransmitRing(PacketSocket socket, Arena arena, TransmitRing slots) {
        this.socket = socket;
        this.arena = arena;
        this.slots = slots;
    }

    /// Opens a socket in the calling thread's network namespace and gives it a ring.
    ///
    /// @param bypassQdisc whether frames go to the device past its queueing discipline, and past
    ///   the taps of this machine
    /// @throws dev.ringtail.sensor.linux.SyscallException naming the step that failed
    static KernelTransmitRing open(
            LibC libc, NetworkInterface target, TransmitGeometry geometry, boolean bypassQdisc) {
        PacketSocket socket = PacketSocket.open(libc);
        Arena arena = Arena.ofShared();
        try {
            socket.useTpacketV2();
            if (bypassQdisc) {
                socket.bypassQdisc();
            }
            socket.allocateTransmitRing(
                    geometry.blockBytes(), geometry.blockCount(), geometry.slotBytes());
            TransmitRing slots =
                    new TransmitRing(socket.mapRing(geometry.lengthBytes(), arena), geometry);
            socket.bindToSend(target);
            return new KernelTransmitRing(socket, arena, slots);
        } catch (RuntimeException e) {
            arena.close();
            socket.close();
            throw e;
        }
    }

    /// The slots.
    TransmitRing slots() {
        return slots;
    }

    @Override
    public long kick() {
        return socket.transmit();
    }

    @Override
    public void close() {
        arena.close();
        socket.close();
    }
}
