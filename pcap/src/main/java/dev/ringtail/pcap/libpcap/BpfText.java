package dev.ringtail.pcap.libpcap;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Classic BPF programs as text: the count of instructions, then `code jt jf k` for each, in
/// decimal and parted by line breaks, as `tcpdump -ddd` prints them, or by commas, as `iptables -m
/// bpf --bytecode` takes them.
public final class BpfText {
    /// No expression of pcap-filter(7) begins with a number and a separator.
    private static final Pattern BEGINNING = Pattern.compile("(?s)\\s*\\d+\\s*[,\\n].*");

    private static final Pattern SEPARATOR = Pattern.compile("\\s*[,\\n]\\s*");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,10}");

    private BpfText() {}

    /// Whether a filter is given as bytecode, and not as an expression.
    public static boolean isBytecode(String text) {
        return BEGINNING.matcher(text).matches();
    }

    /// Reads a program and holds it to the kernel's rules.
    ///
    /// @throws FilterException naming the instruction, what is wrong with it, and what is allowed
    public static BpfProgram parse(String text) {
        String[] parts = SEPARATOR.split(text.strip(), 0);
        long count = number("the count of instructions", parts[0], 0xffff);
        if (count != parts.length - 1) {
            throw new FilterException(
                    "bytecode: it announces %d instructions and has %d"
                            .formatted(count, parts.length - 1));
        }
        List<BpfInstruction> instructions = new ArrayList<>(parts.length - 1);
        for (int i = 1; i < parts.length; i++) {
            instructions.add(instruction(i - 1, parts[i]));
        }
        BpfProgram program = new BpfProgram(instructions);
        BpfRules.check(program);
        return program;
    }

    private static BpfInstruction instruction(int index, String text) {
        String[] fields = text.split("\\s+", -1);
        if (fields.length != 4) {
            throw new FilterException(
                    "bytecode: instruction %d '%s' is not four numbers: code jt jf k"
                            .formatted(index, text));
        }
        String where = "instruction " + index + " '" + text + "':";
        return new BpfInstruction(
                (int) number(where + " the code", fields[0], 0xffff),
                (int) number(where + " jt", fields[1], 0xff),
                (int) number(where + " jf", fields[2], 0xff),
                (int) number(where + " k", fields[3], 0xffff_ffffL));
    }

    private static long number(String what, String text, long most) {
        if (!NUMBER.matcher(text).matches() || Long.parseLong(text) > most) {
            throw new FilterException(
                    "bytecode: %s '%s' is not a whole number from 0 to %d"
                            .formatted(what, text, most));
        }
        return Long.parseLong(text);
    }
}
