package dev.ringtail.sensor.ring;

import dev.ringtail.sensor.linux.PacketConstants;

/// How the kernel spreads an interface's packets over the rings of a group (PACKET_FANOUT).
///
/// @param mode which ring gets a packet
/// @param rollover whether another ring gets it where that one has no room; breaks flow order
/// @param defragment whether IP fragments are put together first, so that they go where the flow
///   goes; the fragments themselves are never seen then
/// @param program for [Mode#CBPF] bytecode as [dev.ringtail.pcap.libpcap.BpfText] has it, or the
///   path of a file with it; for [Mode#EBPF] the path where a program is pinned; else empty
public record Fanout(Mode mode, boolean rollover, boolean defragment, String program) {
    /// By flow, and nothing else.
    public static final Fanout BY_FLOW = of(Mode.HASH);

    /// What chooses the ring; `fanout_demux_*` of net/packet/af_packet.c.
    public enum Mode {
        /// The flow: both directions go to one ring. Fragments go by addresses alone, and all that
        /// is not IP goes to one ring.
        HASH(PacketConstants.PACKET_FANOUT_HASH),
        /// One ring after the other.
        LB(PacketConstants.PACKET_FANOUT_LB),
        /// The processor that received the packet, modulo the count of rings.
        CPU(PacketConstants.PACKET_FANOUT_CPU),
        /// The first ring until it has no room, then the next.
        ROLLOVER(PacketConstants.PACKET_FANOUT_ROLLOVER),
        /// Chance.
        RND(PacketConstants.PACKET_FANOUT_RND),
        /// The device's receive queue, modulo the count of rings.
        QM(PacketConstants.PACKET_FANOUT_QM),
        /// A classic BPF program, which reads a received packet from its network header on.
        CBPF(PacketConstants.PACKET_FANOUT_CBPF),
        /// An eBPF program of type socket_filter.
        EBPF(PacketConstants.PACKET_FANOUT_EBPF);

        private final int number;

        Mode(int number) {
            this.number = number;
        }

        /// Whether it takes a program to say which ring.
        public boolean needsProgram() {
            return this == CBPF || this == EBPF;
        }
    }

    /// @throws IllegalArgumentException for what the kernel would refuse
    public Fanout {
        if (rollover && mode == Mode.ROLLOVER) {
            throw new IllegalArgumentException(
                    "mode rollover rolls over already; the kernel refuses the flag beside it");
        }
        if (mode.needsProgram() == program.isBlank()) {
            throw new IllegalArgumentException(
                    mode.needsProgram()
                            ? "mode " + mode + " needs a program"
                            : "mode " + mode + " takes no program");
        }
    }

    /// A mode without flags or program.
    public static Fanout of(Mode mode) {
        return new Fanout(mode, false, false, "");
    }

    /// Whether packets may be handed from one ring to another, and the kernel counts them.
    boolean rollsOver() {
        return rollover || mode == Mode.ROLLOVER;
    }

    /// The value for all members.
    int typeAndFlags(boolean ignoreOutgoing) {
        return mode.number
                | (rollover ? PacketConstants.PACKET_FANOUT_FLAG_ROLLOVER : 0)
                | (defragment ? PacketConstants.PACKET_FANOUT_FLAG_DEFRAG : 0)
                | (ignoreOutgoing ? PacketConstants.PACKET_FANOUT_FLAG_IGNORE_OUTGOING : 0);
    }
}
