package dev.ringtail.sensor.ring;

import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.NetworkInterface;

import java.util.ArrayList;
import java.util.List;

/// The rings of one interface, between which the kernel spreads the packets by flow
/// (PACKET_FANOUT_HASH: both directions of a flow go to one ring; fragments and non-IP packets have
/// rules of their own).
///
/// A socket between bind and PACKET_FANOUT is a tap of its own that gets every packet, so all
/// members are bound and joined while deaf, and only then listen.
public final class FanoutGroup implements AutoCloseable {
    private final List<KernelRing> rings;

    private FanoutGroup(List<KernelRing> rings) {
        this.rings = rings;
    }

    /// Opens the rings, deaf and not bound yet, so that what reads them can be made ready first.
    ///
    /// @param ringCount count of rings, at least 1
    public static FanoutGroup open(LibC libc, int ringCount, RingGeometry geometry) {
        List<KernelRing> rings = new ArrayList<>(ringCount);
        FanoutGroup group = new FanoutGroup(rings);
        try {
            for (int i = 0; i < ringCount; i++) {
                rings.add(KernelRing.open(libc, geometry));
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
    public void join(NetworkInterface target, boolean promiscuous) {
        for (KernelRing ring : rings) {
            ring.bind(target, promiscuous);
        }
        int groupId = rings.getFirst().createFanout();
        for (KernelRing ring : rings.subList(1, rings.size())) {
            ring.joinFanout(groupId);
        }
    }

    /// Lets packets in.
    ///
    /// @param filter decides which, and how much of them
    public void listen(BpfProgram filter) {
        for (KernelRing ring : rings) {
            ring.listen(filter);
        }
    }

    /// Replaces the filter of every member while packets come; those already in a ring stay.
    public void replaceFilter(BpfProgram filter) {
        for (KernelRing ring : rings) {
            ring.replaceFilter(filter);
        }
    }

    /// Lets nothing in any more at any member, so that all can be drained.
    public void deafen() {
        rings.forEach(KernelRing::deafen);
    }

    @Override
    public void close() {
        rings.forEach(KernelRing::close);
    }
}
