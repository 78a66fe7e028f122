package dev.ringtail.sensor.ring;

import dev.ringtail.pcap.libpcap.BpfInstruction;
import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.pcap.libpcap.BpfText;
import dev.ringtail.pcap.libpcap.FilterCompiler;
import dev.ringtail.sensor.linux.PacketConstants;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Makes the classic BPF program of a ring: what gets in, and how much of it (the value returned is
/// the snap length).
public final class KernelFilter {
    // BPF_LD | BPF_W | BPF_ABS, BPF_JMP | BPF_JEQ | BPF_K and BPF_RET | BPF_K of linux/bpf_common.h
    private static final int LOAD_WORD = 0x20;
    // BPF_LD | BPF_H | BPF_ABS
    private static final int LOAD_HALF_WORD = 0x28;
    private static final int JUMP_IF_EQUAL = 0x15;
    static final int RETURN = 0x06;

    /// SKF_AD_OFF + SKF_AD_PKTTYPE of linux/filter.h: `sll_pkttype` of the packet.
    private static final int ANCILLARY_PACKET_TYPE = 0xfffff000 + 4;

    /// Where the source address stands in an Ethernet frame.
    private static final int SOURCE_MAC_OFFSET = 6;

    /// SKF_AD_OFF + SKF_AD_IFINDEX: index of the interface.
    private static final int ANCILLARY_INTERFACE_INDEX = 0xfffff000 + 8;

    private static final List<BpfInstruction> WITHOUT_OUTGOING =
            List.of(
                    new BpfInstruction(LOAD_WORD, 0, 0, ANCILLARY_PACKET_TYPE),
                    new BpfInstruction(JUMP_IF_EQUAL, 0, 1, PacketConstants.PACKET_OUTGOING),
                    new BpfInstruction(RETURN, 0, 0, 0));

    private KernelFilter() {}

    /// Makes a program that accepts Ethernet frames from one address alone.
    ///
    /// @param sourceMac MAC address in the low 48 bits
    public static BpfProgram fromMac(long sourceMac, boolean keepOutgoing) {
        List<BpfInstruction> instructions = new ArrayList<>();
        if (!keepOutgoing) {
            instructions.addAll(WITHOUT_OUTGOING);
        }
        instructions.add(new BpfInstruction(LOAD_WORD, 0, 0, SOURCE_MAC_OFFSET));
        instructions.add(new BpfInstruction(JUMP_IF_EQUAL, 0, 3, (int) (sourceMac >>> 16)));
        instructions.add(new BpfInstruction(LOAD_HALF_WORD, 0, 0, SOURCE_MAC_OFFSET + 4));
        instructions.add(new BpfInstruction(JUMP_IF_EQUAL, 0, 1, (int) (sourceMac & 0xffff)));
        instructions.add(new BpfInstruction(RETURN, 0, 0, 1));
        instructions.add(new BpfInstruction(RETURN, 0, 0, 0));
        return new BpfProgram(instructions);
    }

    /// Compiles a filter, in the calling thread's network namespace.
    ///
    /// Outgoing packets are kept out by instructions of the program's own, whatever the socket was
    /// told: kernels before 4.20 have no PACKET_IGNORE_OUTGOING, all ignore it for members of a
    /// fanout group, and older ones silently accept PACKET_FANOUT_FLAG_IGNORE_OUTGOING.
    ///
    /// @param filter tcpdump's language; empty for everything, which needs no libpcap; or bytecode
    ///   as [BpfText] has it, whose constants are capped at the snap length, as libpcap's are
    /// @param snapLength most bytes of a packet
    /// @throws dev.ringtail.pcap.libpcap.FilterException where libpcap is missing or refuses the
    ///   filter, or the kernel would refuse the bytecode
    public static BpfProgram compile(
            String interfaceName, String filter, int snapLength, boolean keepOutgoing) {
        List<BpfInstruction> prefix = keepOutgoing ? List.of() : WITHOUT_OUTGOING;
        return compile(
                prefix,
                filter,
                snapLength,
                () -> FilterCompiler.compileLive(interfaceName, filter, snapLength));
    }

    /// Compiles a filter for rings whose packets begin at the network header, on whatever
    /// interface; otherwise as [#compile]. Bytecode counts from the network header there, as does
    /// the snap length.
    ///
    /// @throws dev.ringtail.pcap.libpcap.FilterException also where the filter asks for what the
    ///   kernel does not tell of such packets
    public static BpfProgram compileCooked(String filter, int snapLength, boolean keepOutgoing) {
        return compileCooked(keepOutgoing ? List.of() : WITHOUT_OUTGOING, filter, snapLength);
    }

    /// Compiles a filter for rings on all interfaces at once, as [#compileCooked]: outgoing packets
    /// are kept, but on loopback, where each comes in as well (as libpcap does there).
    ///
    /// @param loopbackIndex index of the loopback interface
    public static BpfProgram compileAny(String filter, int snapLength, int loopbackIndex) {
        List<BpfInstruction> prefix =
                List.of(
                        new BpfInstruction(LOAD_WORD, 0, 0, ANCILLARY_PACKET_TYPE),
                        new BpfInstruction(JUMP_IF_EQUAL, 0, 3, PacketConstants.PACKET_OUTGOING),
                        new BpfInstruction(LOAD_WORD, 0, 0, ANCILLARY_INTERFACE_INDEX),
                        new BpfInstruction(JUMP_IF_EQUAL, 0, 1, loopbackIndex),
                        new BpfInstruction(RETURN, 0, 0, 0));
        return compileCooked(prefix, filter, snapLength);
    }

    private static BpfProgram compileCooked(
            List<BpfInstruction> prefix, String filter, int snapLength) {
        return compile(
                prefix, filter, snapLength, () -> FilterCompiler.compileCooked(filter, snapLength));
    }

    private static BpfProgram compile(
            List<BpfInstruction> prefix,
            String filter,
            int snapLength,
            Supplier<BpfProgram> expressionCompiler) {
        List<BpfInstruction> instructions = new ArrayList<>(prefix);
        if (filter.isBlank()) {
            instructions.add(new BpfInstruction(RETURN, 0, 0, snapLength));
        } else if (BpfText.isBytecode(filter)) {
            instructions.addAll(BpfText.parse(filter).cappedAt(snapLength).instructions());
        } else {
            instructions.addAll(expressionCompiler.get().instructions());
        }
        return new BpfProgram(instructions);
    }
}
