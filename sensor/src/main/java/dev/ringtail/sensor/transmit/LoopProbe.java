package dev.ringtail.sensor.transmit;

import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.NetworkInterface;
import dev.ringtail.sensor.linux.PacketSocket;
import dev.ringtail.sensor.ring.KernelFilter;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/// Finds out whether what is sent out of one Ethernet interface comes back at another: the two ends
/// of a veth pair, ports of one bridge or switch, a cable. Asking is the only way that sees them
/// all.
///
/// The probe is a broadcast frame of 60 bytes, of the EtherType for local experiments (0x88b5),
/// whose source address is a random, locally administered one, made for this object alone; that is
/// what is looked for. One thread.
final class LoopProbe implements AutoCloseable {
    private static final int FRAME_BYTES = 60;
    private static final short LOCAL_EXPERIMENTAL = (short) 0x88b5;
    private static final byte[] TEXT = "ringtail loop probe".getBytes(StandardCharsets.US_ASCII);

    private final PacketSocket listener;
    private final PacketSocket sender;
    private final byte[] frame;

    private LoopProbe(PacketSocket listener, PacketSocket sender, byte[] frame) {
        this.listener = listener;
        this.sender = sender;
        this.frame = frame;
    }

    /// Opens both ends, in the calling thread's network namespace.
    ///
    /// @param source the interface that is captured
    /// @param target the one that is sent out of
    /// @param keepOutgoing whether outgoing packets are captured too
    static LoopProbe open(
            LibC libc, NetworkInterface source, NetworkInterface target, boolean keepOutgoing) {
        // 02 in the first byte: locally administered, and not a group's.
        long mac = 0x02L << 40 | new SecureRandom().nextLong() & 0xff_ffff_ffffL;
        PacketSocket listener = PacketSocket.open(libc);
        try {
            listener.attach(KernelFilter.fromMac(mac, keepOutgoing));
            listener.bind(source);
            PacketSocket sender = PacketSocket.open(libc);
            try {
                sender.bindToSend(target);
                return new LoopProbe(listener, sender, frame(mac));
            } catch (RuntimeException e) {
                sender.close();
                throw e;
            }
        } catch (RuntimeException e) {
            listener.close();
            throw e;
        }
    }

    private static byte[] frame(long mac) {
        return ByteBuffer.allocate(FRAME_BYTES)
                .putInt(-1)
                .putShort((short) -1)
                .putShort((short) (mac >>> 32))
                .putInt((int) mac)
                .putShort(LOCAL_EXPERIMENTAL)
                .put(TEXT)
                .array();
    }

    /// Sends a probe.
    ///
    /// @throws dev.ringtail.sensor.linux.SyscallException where the interface does not take it
    void send() {
        sender.send(frame);
    }

    /// Whether a probe has come back; waits for it.
    boolean returned(int timeoutMs) {
        return listener.awaitPacket(timeoutMs);
    }

    @Override
    public void close() {
        sender.close();
        listener.close();
    }
}
