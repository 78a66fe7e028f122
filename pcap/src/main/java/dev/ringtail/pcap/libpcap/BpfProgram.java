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
}
