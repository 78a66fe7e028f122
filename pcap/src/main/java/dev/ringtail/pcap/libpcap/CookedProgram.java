package dev.ringtail.pcap.libpcap;

import java.util.ArrayList;
import java.util.List;

/// Turns a program for LINKTYPE_LINUX_SLL2 packets into one for the kernel, which sees a packet of
/// a `SOCK_DGRAM` socket from its network header on: `fix_program` and `fix_offset` of libpcap's
/// pcap-linux.c.
///
/// ```text
/// struct sll2_header, 20 bytes, all in network byte order
///   0 protocol  2 reserved  4 interface index  8 ARPHRD_*  10 packet type  11 address length  12 address
/// ```
final class CookedProgram {
    private static final int HEADER_BYTES = 20;

    // BPF_CLASS, BPF_LD, BPF_LDX, BPF_MODE, BPF_ABS, BPF_IND and BPF_MSH of linux/bpf_common.h
    private static final int CLASS_MASK = 0x07;
    private static final int LOAD_X = 0x01;
    private static final int MODE_MASK = 0xe0;
    private static final int ABSOLUTE = 0x20;
    private static final int INDIRECT = 0x40;
    private static final int IP_HEADER_LENGTH = 0xa0;

    // SKF_AD_OFF, SKF_AD_PROTOCOL, SKF_AD_PKTTYPE and SKF_AD_IFINDEX of linux/filter.h
    private static final int ANCILLARY = -0x1000;
    private static final int PROTOCOL = ANCILLARY;
    private static final int PACKET_TYPE = ANCILLARY + 4;
    private static final int INTERFACE_INDEX = ANCILLARY + 8;

    private CookedProgram() {}

    /// @param filter the program's source, for the message
    /// @throws FilterException where it reads a field of the header that the kernel does not tell
    static BpfProgram forKernel(String filter, BpfProgram program) {
        List<BpfInstruction> fixed = new ArrayList<>();
        for (BpfInstruction instruction : program.instructions()) {
            fixed.add(
                    loadsFromPacket(instruction.code()) ? moved(filter, instruction) : instruction);
        }
        return new BpfProgram(fixed);
    }

    private static boolean loadsFromPacket(int code) {
        int mode = code & MODE_MASK;
        return (code & CLASS_MASK) <= LOAD_X
                && (mode == ABSOLUTE || mode == INDIRECT || mode == IP_HEADER_LENGTH);
    }

    private static BpfInstruction moved(String filter, BpfInstruction instruction) {
        int k = instruction.k();
        if (Integer.compareUnsigned(k, ANCILLARY) >= 0) {
            return instruction;
        }
        int offset =
                switch (k) {
                    case 0 -> PROTOCOL;
                    case 4 -> INTERFACE_INDEX;
                    case 10 -> PACKET_TYPE;
                    default -> {
                        if (Integer.compareUnsigned(k, HEADER_BYTES) < 0) {
                            throw new FilterException(
                                    ("filter \"%s\": it asks for %s, which the kernel can't filter"
                                         + " on where packets come without a link header (cooked,"
                                         + " or interface any)")
                                            .formatted(filter, field(k)));
                        }
                        yield k - HEADER_BYTES;
                    }
                };
        return new BpfInstruction(instruction.code(), instruction.jt(), instruction.jf(), offset);
    }

    private static String field(int k) {
        String name;
        if (k >= 12) {
            name = "the link-layer address";
        } else if (k == 11) {
            name = "the length of the link-layer address";
        } else if (k >= 8) {
            name = "the hardware type";
        } else {
            name = "a part of a field";
        }
        return "%s (byte %d of the header)".formatted(name, k);
    }
}
