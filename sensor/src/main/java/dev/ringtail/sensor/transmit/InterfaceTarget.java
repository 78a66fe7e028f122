package dev.ringtail.sensor.transmit;

import dev.ringtail.sensor.config.InvalidConfigException;
import dev.ringtail.sensor.linux.Errno;
import dev.ringtail.sensor.linux.HardwareType;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.NetworkInterface;
import dev.ringtail.sensor.linux.SyscallException;

import java.lang.foreign.MemorySegment;

/// An interface to send out of, with its transmit ring.
final class InterfaceTarget implements FrameTarget {
    private final KernelTransmitRing ring;
    private final RingSink sink;
    private final int linkType;

    private InterfaceTarget(KernelTransmitRing ring, RingSink sink, int linkType) {
        this.ring = ring;
        this.sink = sink;
        this.linkType = linkType;
    }

    /// Opens the ring, in the calling thread's network namespace.
    ///
    /// @param bypassQdisc see [KernelTransmitRing#open]
    /// @param counters where what becomes of the frames is counted
    /// @throws InvalidConfigException where the interface has a link type that is not mapped
    /// @throws SyscallException where it is down, or a step failed
    static InterfaceTarget open(
            LibC libc, NetworkInterface target, boolean bypassQdisc, TransmitCounters counters) {
        int linkType = linkTypeOf(target);
        if (!target.up()) {
            throw new SyscallException(
                    "interface " + target.name(),
                    Errno.ENETDOWN.number(),
                    "bring it up: ip link set %s up".formatted(target.name()));
        }
        FrameLimits limits = FrameLimits.of(target, linkType);
        KernelTransmitRing ring =
                KernelTransmitRing.open(
                        libc,
                        target,
                        TransmitGeometry.forFrames(limits.maxFrameBytes()),
                        bypassQdisc);
        RingSink sink = new RingSink(ring.slots(), ring, limits, counters, System::nanoTime);
        return new InterfaceTarget(ring, sink, linkType);
    }

    /// LINKTYPE_* of an interface's frames.
    ///
    /// @throws InvalidConfigException where its hardware type is not mapped to one
    static int linkTypeOf(NetworkInterface target) {
        return HardwareType.linkType(target.hardwareType())
                .orElseThrow(
                        () ->
                                new InvalidConfigException(
                                        "interface " + target.name(),
                                        "no link type is known for hardware type %d"
                                                .formatted(target.hardwareType())));
    }

    @Override
    public FrameSink sink() {
        return sink;
    }

    @Override
    public int linkType() {
        return linkType;
    }

    /// False: what was sent out of one interface is outgoing there, and another is captured;
    /// [LoopProbe] finds out whether the two are connected.
    @Override
    public boolean isOwn(MemorySegment memory, long at, int length) {
        return false;
    }

    @Override
    public void close() {
        ring.close();
    }
}
