package dev.ringtail.sensor.ring;

import static dev.ringtail.sensor.ring.RingReader.MEMORY;

import dev.ringtail.pcap.libpcap.BpfInstruction;
import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.sensor.linux.PacketConstants;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/// Runs a classic BPF program over a packet that lies in a ring already, with the kernel's meaning
/// of it: what the program would have let through, had it been attached when the packet came.
///
/// Loads from the packet see its captured bytes; a load beyond them refuses the packet, as the
/// kernel does at the packet's end. The ancillary loads (`SKF_AD_*` of linux/filter.h) are answered
/// from the ring's header; those that it can't answer are told by [#unanswerable].
///
/// One thread at a time; allocates nothing in [#run]. Sources: linux/filter.h, linux/bpf_common.h,
/// Documentation/networking/filter.rst.
public final class BpfMachine {
    // Instruction classes, load sizes and modes, arithmetic and jumps of linux/bpf_common.h.
    private static final int CLASS_MASK = 0x07;
    private static final int LD = 0x00;
    private static final int LDX = 0x01;
    private static final int ST = 0x02;
    private static final int STX = 0x03;
    private static final int ALU = 0x04;
    private static final int JMP = 0x05;
    private static final int RET = 0x06;
    private static final int MODE_MASK = 0xe0;
    private static final int IMM = 0x00;
    private static final int ABS = 0x20;
    private static final int IND = 0x40;
    private static final int MEM = 0x60;
    private static final int LEN = 0x80;
    private static final int MSH = 0xa0;
    private static final int SIZE_MASK = 0x18;
    private static final int WORD = 0x00;
    private static final int HALF_WORD = 0x08;
    private static final int BYTE = 0x10;
    private static final int OPERATION_MASK = 0xf0;
    private static final int SOURCE_X = 0x08;
    private static final int RET_SOURCE_MASK = 0x18;
    private static final int RET_A = 0x10;
    private static final int TXA = 0x80;

    // Offsets from which loads read something else than the packet, linux/filter.h.
    private static final int ANCILLARY = 0xfffff000;
    private static final int NETWORK_HEADER = 0xfff00000;
    private static final int AD_PROTOCOL = 0;
    private static final int AD_PACKET_TYPE = 4;
    private static final int AD_INTERFACE_INDEX = 8;
    private static final int AD_HARDWARE_TYPE = 28;
    private static final int AD_XOR_X = 40;
    private static final int AD_VLAN_TAG = 44;
    private static final int AD_VLAN_TAG_PRESENT = 48;
    private static final int AD_VLAN_TPID = 60;

    private static final int MEMORY_WORDS = 16;
    private static final ValueLayout.OfInt WORD_LAYOUT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort HALF_WORD_LAYOUT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final int[] codes;
    private final int[] jumpsIfTrue;
    private final int[] jumpsIfFalse;
    private final int[] constants;
    private final int[] memory = new int[MEMORY_WORDS];

    private long header;
    private boolean outside;

    /// @param program one that the kernel has accepted: its jumps lead forward and stay inside
    public BpfMachine(BpfProgram program) {
        List<BpfInstruction> instructions = program.instructions();
        this.codes = instructions.stream().mapToInt(BpfInstruction::code).toArray();
        this.jumpsIfTrue = instructions.stream().mapToInt(BpfInstruction::jt).toArray();
        this.jumpsIfFalse = instructions.stream().mapToInt(BpfInstruction::jf).toArray();
        this.constants = instructions.stream().mapToInt(BpfInstruction::k).toArray();
    }

    /// The first load of a program that a packet in a ring can't answer: of a mark, a queue, a
    /// random number …, or relative to the link header, which a packet without one does not have.
    /// Empty where there is none.
    public static Optional<BpfInstruction> unanswerable(BpfProgram program) {
        return program.instructions().stream()
                .filter(i -> (i.code() & (CLASS_MASK | MODE_MASK)) == (LD | ABS) && i.k() < 0)
                .filter(i -> i.k() < NETWORK_HEADER || i.k() >= ANCILLARY)
                .filter(i -> !answers(i.k() - ANCILLARY))
                .findFirst();
    }

    private static boolean answers(int number) {
        return switch (number) {
            case AD_PROTOCOL,
                    AD_PACKET_TYPE,
                    AD_INTERFACE_INDEX,
                    AD_HARDWARE_TYPE,
                    AD_XOR_X,
                    AD_VLAN_TAG,
                    AD_VLAN_TAG_PRESENT,
                    AD_VLAN_TPID ->
                    true;
            default -> false;
        };
    }

    /// Runs the program.
    ///
    /// @param packetHeader address of the packet's header, see [FrameHeader]; must fit
    /// @return how many bytes of the packet the program lets through (unsigned), 0 for none
    public int run(long packetHeader) {
        header = packetHeader;
        outside = false;
        int a = 0;
        int x = 0;
        int at = 0;
        while (true) {
            int code = codes[at];
            int k = constants[at];
            switch (code & CLASS_MASK) {
                case LD -> a = load(code, k, a, x);
                case LDX -> x = loadIndex(code, k);
                case ST -> memory[k] = a;
                case STX -> memory[k] = x;
                case ALU -> a = calculate(code, a, (code & SOURCE_X) == 0 ? k : x);
                case JMP -> at += jump(code, a, x, at);
                case RET -> {
                    return (code & RET_SOURCE_MASK) == RET_A ? a : k;
                }
                default -> {
                    if ((code & TXA) == 0) {
                        x = a;
                    } else {
                        a = x;
                    }
                }
            }
            if (outside) {
                return 0;
            }
            at++;
        }
    }

    private int load(int code, int k, int a, int x) {
        return switch (code & MODE_MASK) {
            case IMM -> k;
            case MEM -> memory[k];
            case LEN -> (int) FrameHeader.originalLength(header);
            case IND -> loadPacket(code & SIZE_MASK, x + k);
            case ABS ->
                    k < 0 && k >= ANCILLARY
                            ? ancillary(k - ANCILLARY, a, x)
                            : loadPacket(code & SIZE_MASK, k);
            default -> throw new IllegalStateException("BPF load of unknown mode " + code);
        };
    }

    private int loadIndex(int code, int k) {
        return switch (code & MODE_MASK) {
            case IMM -> k;
            case MEM -> memory[k];
            case LEN -> (int) FrameHeader.originalLength(header);
            // The one use of this mode: the length of an IPv4 header.
            case MSH -> 4 * (loadPacket(BYTE, k) & 0xf);
            default -> throw new IllegalStateException("BPF load of unknown mode " + code);
        };
    }

    private int loadPacket(int size, int k) {
        long data = FrameHeader.data(header);
        long end = data + FrameHeader.capturedLength(header);
        long from;
        if (k >= 0) {
            from = data + k;
        } else if (k >= NETWORK_HEADER) {
            from = FrameHeader.network(header) + (k - NETWORK_HEADER);
        } else {
            from = end;
        }
        int bytes = size == WORD ? Integer.BYTES : size == HALF_WORD ? Short.BYTES : Byte.BYTES;
        if (from + bytes > end) {
            outside = true;
            return 0;
        }
        return switch (size) {
            case WORD -> MEMORY.get(WORD_LAYOUT, from);
            case HALF_WORD -> Short.toUnsignedInt(MEMORY.get(HALF_WORD_LAYOUT, from));
            default -> Byte.toUnsignedInt(MEMORY.get(ValueLayout.JAVA_BYTE, from));
        };
    }

    private int ancillary(int number, int a, int x) {
        int status = FrameHeader.status(header);
        return switch (number) {
            case AD_PROTOCOL -> FrameHeader.protocol(header);
            case AD_PACKET_TYPE -> FrameHeader.packetType(header);
            case AD_INTERFACE_INDEX -> FrameHeader.interfaceIndex(header);
            case AD_HARDWARE_TYPE -> FrameHeader.hardwareType(header);
            case AD_XOR_X -> a ^ x;
            case AD_VLAN_TAG -> FrameHeader.vlanTci(header);
            case AD_VLAN_TAG_PRESENT ->
                    (status & PacketConstants.TP_STATUS_VLAN_VALID) == 0 ? 0 : 1;
            case AD_VLAN_TPID ->
                    (status & PacketConstants.TP_STATUS_VLAN_TPID_VALID) == 0
                            ? 0
                            : FrameHeader.vlanTpid(header, status);
            default -> throw new IllegalStateException("BPF ancillary load " + number);
        };
    }

    private int calculate(int code, int a, int operand) {
        return switch (code & OPERATION_MASK) {
            case 0x00 -> a + operand;
            case 0x10 -> a - operand;
            case 0x20 -> a * operand;
            case 0x30 -> divided(a, operand, false);
            case 0x40 -> a | operand;
            case 0x50 -> a & operand;
            // A 32-bit shift by more than 31 is undefined in C; the kernel masks it as Java does.
            case 0x60 -> a << operand;
            case 0x70 -> a >>> operand;
            case 0x80 -> -a;
            case 0x90 -> divided(a, operand, true);
            case 0xa0 -> a ^ operand;
            default -> throw new IllegalStateException("BPF arithmetic " + code);
        };
    }

    /// Division by X that is 0 ends the program with 0.
    private int divided(int a, int by, boolean remainder) {
        if (by == 0) {
            outside = true;
            return 0;
        }
        return remainder ? Integer.remainderUnsigned(a, by) : Integer.divideUnsigned(a, by);
    }

    private int jump(int code, int a, int x, int at) {
        int operand = (code & SOURCE_X) == 0 ? constants[at] : x;
        return switch (code & OPERATION_MASK) {
            case 0x00 -> constants[at];
            case 0x10 -> chosen(a == operand, at);
            case 0x20 -> chosen(Integer.compareUnsigned(a, operand) > 0, at);
            case 0x30 -> chosen(Integer.compareUnsigned(a, operand) >= 0, at);
            case 0x40 -> chosen((a & operand) != 0, at);
            default -> throw new IllegalStateException("BPF jump " + code);
        };
    }

    private int chosen(boolean condition, int at) {
        return condition ? jumpsIfTrue[at] : jumpsIfFalse[at];
    }
}
