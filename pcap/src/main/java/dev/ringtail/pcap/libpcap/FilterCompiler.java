package dev.ringtail.pcap.libpcap;

import dev.ringtail.pcap.LinkType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// Compiles tcpdump's filter language into programs for the kernel.
public final class FilterCompiler {
    /// libpcap's pseudo-device for all interfaces, which it always reads in cooked mode.
    private static final String ANY_INTERFACE = "any";

    private FilterCompiler() {}

    /// Compiles a filter for an interface of the calling thread's network namespace.
    ///
    /// It is done on a live handle, since only there libpcap looks for a VLAN tag where the kernel
    /// keeps it (`SKF_AD_VLAN_TAG`), outside of the frame. The program is for sockets that deliver
    /// the link header (`SOCK_RAW`).
    ///
    /// @param filter as pcap-filter(7) has it; empty accepts every packet
    /// @param snapLength bytes of a packet that the program lets through; 0 or less is without
    ///   limit
    /// @throws FilterSyntaxException when libpcap refuses the filter
    /// @throws FilterException when the interface can't be opened, or libpcap reads it without its
    ///   link header
    /// @throws LibPcapMissingException without libpcap
    public static BpfProgram compileLive(String interfaceName, String filter, int snapLength) {
        try (PcapHandle handle = PcapHandle.openLive(interfaceName, snapLength);
                Arena arena = Arena.ofConfined()) {
            int linkType = handle.linkType();
            if (linkType == LinkType.LINUX_SLL || linkType == LinkType.LINUX_SLL2) {
                // Such programs count from the network header and are of no use on a raw socket.
                throw new FilterException(
                        "can't compile a filter on interface %s: libpcap reads it in cooked mode"
                                .formatted(interfaceName));
            }
            return compile(handle, filter, arena);
        }
    }

    /// Compiles a filter for sockets that deliver packets from the network header on
    /// (`SOCK_DGRAM`), on whatever interface, for whoever puts LINKTYPE_LINUX_SLL2 headers before
    /// them.
    ///
    /// Like libpcap on such a socket, it lets the program run in the kernel, which sees the packet
    /// without that header; what libpcap would filter in user space instead is refused. A length
    /// (`len`, `greater`, `less`) counts from the network header on, as it does there.
    ///
    /// @param filter as pcap-filter(7) has it; empty accepts every packet
    /// @param snapLength bytes of a packet, from the network header on, that the program lets
    ///   through; 0 or less is without limit
    /// @throws FilterSyntaxException when libpcap refuses the filter, as it does `vlan`
    /// @throws FilterException when the filter asks for a field that the kernel does not tell
    /// @throws LibPcapMissingException without libpcap
    public static BpfProgram compileCooked(String filter, int snapLength) {
        try (PcapHandle handle = PcapHandle.openLive(ANY_INTERFACE, snapLength);
                Arena arena = Arena.ofConfined()) {
            handle.useLinkType(LinkType.LINUX_SLL2);
            return CookedProgram.forKernel(filter, compile(handle, filter, arena));
        }
    }

    private static BpfProgram compile(PcapHandle handle, String filter, Arena arena) {
        MemorySegment program = arena.allocate(LibPcap.BPF_PROGRAM);
        handle.compile(filter, program);
        try {
            return copy(program);
        } finally {
            LibPcap.pcap_freecode(program);
        }
    }

    private static BpfProgram copy(MemorySegment program) {
        int count = program.get(ValueLayout.JAVA_INT, 0);
        long instructionBytes = LibPcap.BPF_INSN.byteSize();
        MemorySegment instructions =
                program.get(ValueLayout.ADDRESS, 8).reinterpret(count * instructionBytes);
        List<BpfInstruction> copy = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long at = i * instructionBytes;
            copy.add(
                    new BpfInstruction(
                            Short.toUnsignedInt(instructions.get(ValueLayout.JAVA_SHORT, at)),
                            Byte.toUnsignedInt(instructions.get(ValueLayout.JAVA_BYTE, at + 2)),
                            Byte.toUnsignedInt(instructions.get(ValueLayout.JAVA_BYTE, at + 3)),
                            instructions.get(ValueLayout.JAVA_INT, at + 4)));
        }
        return new BpfProgram(copy);
    }
}
