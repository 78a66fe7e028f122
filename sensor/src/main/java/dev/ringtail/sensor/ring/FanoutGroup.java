package dev.ringtail.sensor.ring;

import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.NetworkInterface;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/// The rings of one interface, between which the kernel spreads the packets as [Fanout] says.
///
/// A socket between bind and PACKET_FANOUT is a tap of its own that gets every packet, so all
/// members are bound and joined while deaf, and only then listen.
///
/// A lone ring needs no group, unless fragments are to be put together, which the kernel does for
/// groups alone. Without one PACKET_IGNORE_OUTGOING works, which spares the kernel the clone of
/// each outgoing packet (`dev_queue_xmit_nit`); members of a group have a flag for that.
public final class FanoutGroup implements AutoCloseable {
    private final SocketOptions options;
    private final FanoutProgram program;
    private final List<KernelRing> rings;

    private FanoutGroup(SocketOptions options, FanoutProgram program, List<KernelRing> rings) {
        this.options = options;
        this.program = program;
        this.rings = rings;
    }

    /// Opens the rings, deaf and not bound yet, so that what reads them can be made ready first.
    ///
    /// @param ringCount count of rings, at least 1
    /// @throws RuntimeException naming what is wrong with the fanout's program, or the step that
    ///   failed
    public static FanoutGroup open(
            LibC libc, int ringCount, RingGeometry geometry, SocketOptions options) {
        return open(libc, ringCount, geometry, options, ring -> {});
    }

    /// As [#open], with a say in where each ring's memory comes from.
    ///
    /// @param beforeRing called on this thread with the number of each ring, from 0, before the
    ///   kernel allocates it
    public static FanoutGroup open(
            LibC libc,
            int ringCount,
            RingGeometry geometry,
            SocketOptions options,
            IntConsumer beforeRing) {
        FanoutProgram program = FanoutProgram.load(libc, options.fanout());
        List<KernelRing> rings = new ArrayList<>(ringCount);
        FanoutGroup group = new FanoutGroup(options, program, rings);
        try {
            for (int i = 0; i < ringCount; i++) {
                beforeRing.accept(i);
                rings.add(KernelRing.open(libc, geometry, options));
            }
            return group;
        } catch (RuntimeException e) {
            group.close();
            throw e;
        }
    }

    /// The rings, in lane order.
    public List<KernelRing> rings() {
        return List.copyOf(rings);
    }

    /// Binds every ring to the interface and joins them into one group, all still deaf. No other
    /// thread may wait for the rings yet: it would take the error that tells of an interface that
    /// is down.
    public void join(NetworkInterface target) {
        if (target.isAny() && !options.cooked()) {
            throw new IllegalArgumentException(
                    "interface any can only be read cooked: its packets have no link header in"
                            + " common");
        }
        Fanout fanout = options.fanout();
        boolean alone = rings.size() == 1 && !fanout.defragment();
        for (KernelRing ring : rings) {
            if (alone && options.ignoreOutgoing()) {
                ring.ignoreOutgoing();
            }
            ring.bind(target);
        }
        if (!alone) {
            int typeAndFlags = fanout.typeAndFlags(options.ignoreOutgoing());
            int groupId = rings.getFirst().createFanout(typeAndFlags, program);
            // The group keeps the program from here on.
            program.close();
            for (KernelRing ring : rings.subList(1, rings.size())) {
                ring.joinFanout(groupId, typeAndFlags);
            }
        }
    }

    /// Lets packets in, and locks the filters where that was asked for.
    ///
    /// @param filter decides which, and how much of them
    public void listen(BpfProgram filter) {
        for (KernelRing ring : rings) {
            ring.listen(filter);
        }
        if (options.lockFilter()) {
            rings.forEach(KernelRing::lockFilter);
        }
    }

    /// Changes which packets get in, at one ring after the other. Packets already in a ring, and
    /// those on their way through the kernel, passed the filter before.
    ///
    /// @param before the filter that the rings have; where one of them does not take the new one,
    ///   the others get it back
    /// @throws dev.ringtail.sensor.linux.SyscallException EPERM where the filters are locked,
    ///   ENOMEM where the kernel has no room for the new one beside the old
    public void replaceFilter(BpfProgram filter, BpfProgram before) {
        List<KernelRing> replaced = new ArrayList<>();
        try {
            for (KernelRing ring : rings) {
                ring.listen(filter);
                replaced.add(ring);
            }
        } catch (RuntimeException e) {
            replaced.forEach(ring -> ring.listen(before));
            throw e;
        }
    }

    /// Lets nothing in any more at any member, so that all can be drained.
    ///
    /// @return false where the filters are locked: packets go on coming, and lanes must stop at
    ///   what the kernel has counted (`Lane.drainLocked`)
    public boolean deafen() {
        if (options.lockFilter()) {
            return false;
        }
        rings.forEach(KernelRing::deafen);
        return true;
    }

    @Override
    public void close() {
        program.close();
        rings.forEach(KernelRing::close);
    }
}
