package dev.ringtail.pcap.libpcap;

import java.util.List;

/// A classic BPF program as `SO_ATTACH_FILTER` takes it.
///
/// @param instructions in order; the first runs first
public record BpfProgram(List<BpfInstruction> instructions) {
    /// Keeps a copy of the list.
    public BpfProgram {
        instructions = List.copyOf(instructions);
    }

    /// The same program, but no constant that it returns lets more of a packet through.
    ///
    /// @param snapLength most bytes of a packet
    public BpfProgram cappedAt(int snapLength) {
        return new BpfProgram(
                instructions.stream()
                        .map(
                                i ->
                                        i.code() == BpfRules.RETURN_K
                                                        && Integer.compareUnsigned(
                                                                        i.k(), snapLength)
                                                                > 0
                                                ? new BpfInstruction(i.code(), 0, 0, snapLength)
                                                : i)
                        .toList());
    }
}
