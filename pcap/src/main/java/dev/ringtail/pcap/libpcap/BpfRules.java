package dev.ringtail.pcap.libpcap;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// The kernel's rules for classic BPF programs: what `bpf_check_classic`, `check_load_and_stores`
/// and `chk_code_allowed` of net/core/filter.c refuse with a bare EINVAL, told in words.
final class BpfRules {
    /// `BPF_MAXINSNS` of linux/bpf_common.h.
    static final int MAX_INSTRUCTIONS = 4096;

    /// `BPF_MEMWORDS` of linux/filter.h.
    private static final int MEMORY_WORDS = 16;

    /// `SKF_AD_OFF` and `SKF_AD_MAX` of linux/filter.h: where the kernel keeps what is not in the
    /// packet, one word each.
    private static final int ANCILLARY = -0x1000;

    private static final int ANCILLARY_END = ANCILLARY + 64;

    /// `BPF_RET | BPF_K`.
    static final int RETURN_K = 0x06;

    private static final int JUMP_ALWAYS = 0x05;
    private static final int DIVIDE_K = 0x34;
    private static final int MODULO_K = 0x94;
    private static final int SHIFT_LEFT_K = 0x64;
    private static final int SHIFT_RIGHT_K = 0x74;
    private static final int LOAD_MEMORY = 0x60;
    private static final int LOAD_X_MEMORY = 0x61;
    private static final int STORE = 0x02;
    private static final int STORE_X = 0x03;
    private static final Set<Integer> ABSOLUTE_LOADS = Set.of(0x20, 0x28, 0x30);
    private static final Set<Integer> RETURNS = Set.of(RETURN_K, 0x16);
    private static final Set<Integer> CONDITIONAL_JUMPS =
            Set.of(0x15, 0x1d, 0x25, 0x2d, 0x35, 0x3d, 0x45, 0x4d);
    private static final Set<Integer> OTHERS =
            Set.of(
                    // add, sub, mul, div, or, and, lsh, rsh, mod, xor with K and with X; neg
                    0x04,
                    0x0c,
                    0x14,
                    0x1c,
                    0x24,
                    0x2c,
                    0x34,
                    0x3c,
                    0x44,
                    0x4c,
                    0x54,
                    0x5c,
                    0x64,
                    0x6c,
                    0x74,
                    0x7c,
                    0x94,
                    0x9c,
                    0xa4,
                    0xac,
                    0x84,
                    // ld: indirect, length, immediate, memory; ldx: length, IP header, the same
                    0x40,
                    0x48,
                    0x50,
                    0x80,
                    0x00,
                    0x60,
                    0x81,
                    0xb1,
                    0x01,
                    0x61,
                    // st, stx, tax, txa, ja
                    0x02,
                    0x03,
                    0x07,
                    0x87,
                    0x05);

    private BpfRules() {}

    /// @throws FilterException naming the instruction and what is wrong with it
    static void check(BpfProgram program) {
        List<BpfInstruction> instructions = program.instructions();
        int count = instructions.size();
        if (count < 1 || count > MAX_INSTRUCTIONS) {
            throw new FilterException(
                    "bytecode: %d instructions are not between 1 and %d"
                            .formatted(count, MAX_INSTRUCTIONS));
        }
        for (int i = 0; i < count; i++) {
            checkAlone(i, instructions.get(i));
            checkJumps(i, instructions.get(i), count);
        }
        if (!RETURNS.contains(instructions.getLast().code())) {
            throw refused(count - 1, instructions.getLast(), "the last is not a return");
        }
        checkMemory(instructions);
    }

    private static void checkAlone(int at, BpfInstruction instruction) {
        int code = instruction.code();
        int k = instruction.k();
        if (!RETURNS.contains(code)
                && !ABSOLUTE_LOADS.contains(code)
                && !CONDITIONAL_JUMPS.contains(code)
                && !OTHERS.contains(code)) {
            throw refused(at, instruction, "no such operation");
        }
        if ((code == DIVIDE_K || code == MODULO_K) && k == 0) {
            throw refused(at, instruction, "division by zero");
        }
        if ((code == SHIFT_LEFT_K || code == SHIFT_RIGHT_K) && (k < 0 || k > 31)) {
            throw refused(at, instruction, "shift by more than 31 bits");
        }
        if (touchesMemory(code) && (k < 0 || k >= MEMORY_WORDS)) {
            throw refused(at, instruction, "the scratch memory has words 0 to 15");
        }
        if (ABSOLUTE_LOADS.contains(code)
                && k >= ANCILLARY
                && k < 0
                && (k >= ANCILLARY_END || (k & 3) != 0)) {
            throw refused(at, instruction, "no such ancillary value (SKF_AD_*)");
        }
    }

    private static void checkJumps(int at, BpfInstruction instruction, int count) {
        long farthest = -1;
        if (instruction.code() == JUMP_ALWAYS) {
            farthest = Integer.toUnsignedLong(instruction.k());
        } else if (CONDITIONAL_JUMPS.contains(instruction.code())) {
            farthest = Math.max(instruction.jt(), instruction.jf());
        }
        if (at + 1 + farthest >= count) {
            throw refused(at, instruction, "it jumps beyond the end");
        }
    }

    /// A word of the scratch memory must be written on every way to where it is read.
    private static void checkMemory(List<BpfInstruction> instructions) {
        int[] written = new int[instructions.size()];
        Arrays.fill(written, -1);
        int known = 0;
        for (int i = 0; i < instructions.size(); i++) {
            BpfInstruction instruction = instructions.get(i);
            known &= written[i];
            int code = instruction.code();
            if (code == STORE || code == STORE_X) {
                known |= 1 << instruction.k();
            } else if (touchesMemory(code) && (known >>> instruction.k() & 1) == 0) {
                throw refused(i, instruction, "it reads scratch memory that nothing wrote");
            } else if (code == JUMP_ALWAYS) {
                written[i + 1 + instruction.k()] &= known;
                known = -1;
            } else if (CONDITIONAL_JUMPS.contains(code)) {
                written[i + 1 + instruction.jt()] &= known;
                written[i + 1 + instruction.jf()] &= known;
                known = -1;
            }
        }
    }

    private static boolean touchesMemory(int code) {
        return code == LOAD_MEMORY || code == LOAD_X_MEMORY || code == STORE || code == STORE_X;
    }

    private static FilterException refused(int at, BpfInstruction instruction, String problem) {
        return new FilterException(
                "bytecode: instruction %d '%d %d %d %s': %s"
                        .formatted(
                                at,
                                instruction.code(),
                                instruction.jt(),
                                instruction.jf(),
                                Integer.toUnsignedString(instruction.k()),
                                problem));
    }
}
