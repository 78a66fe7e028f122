package dev.ringtail.sensor.ring;

import dev.ringtail.pcap.libpcap.BpfInstruction;
import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.pcap.libpcap.FilterCompiler;
import dev.ringtail.sensor.linux.PacketConstants;

import java.util.ArrayList;
import java.util.List;

/// Makes the classic BPF program of a ring: what gets in, and how much of it (the value returned is
/// the snap length).
public final class KernelFilter {
    // BPF_LD | BPF_W | BPF_ABS, BPF_JMP | BPF_JEQ | BPF_K and BPF_RET | BPF_K of linux/bpf_common.h
    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    static final int RETURN = 0x06;

    /// SKF_AD_OFF + SKF_AD_PKTTYPE of linux/filter.h: `sll_pkttype` of the packet.
    private static final int ANCILLARY_PACKET_TYPE = 0xfffff000 + 4;

    private KernelFilter() {}

    /// Compiles a filter, in the calling thread's network namespace.
    ///
    /// Outgoing packets are kept out by instructions of the program's own and not by
    /// PACKET_IGNORE_OUTGOING, which the kernel ignores for members of a fanout group.
    ///
    /// @param filter tcpdump's language; empty for everything, which needs no libpcap
    /// @throws dev.ringtail.pcap.libpcap.FilterException where libpcap is missing or refuses the
    ///   filter
    public static BpfProgram compile(
            String interfaceName, String filter, int snapLength, boolean keepOutgoing) {
        List<BpfInstruction> instructions = new ArrayList<>();
        if (!keepOutgoing) {
            instructions.add(new BpfInstruction(LOAD_WORD, 0, 0, ANCILLARY_PACKET_TYPE));
            instructions.add(
                    new BpfInstruction(JUMP_IF_EQUAL, 0, 1, PacketConstants.PACKET_OUTGOING));
            instructions.add(new BpfInstruction(RETURN, 0, 0, 0));
        }
        if (filter.isBlank()) {
            instructions.add(new BpfInstruction(RETURN, 0, 0, snapLength));
        } else {
            instructions.addAll(
                    FilterCompiler.compileLive(interfaceName, filter, snapLength).instructions());
        }
        return new BpfProgram(instructions);
    }
}
