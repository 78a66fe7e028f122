package dev.ringtail.pcap.libpcap;

/// One instruction of classic BPF, `struct sock_filter` of the kernel and `struct bpf_insn` of
/// libpcap.
///
/// @param code operation, unsigned 16 bits
/// @param jt instructions to skip when a jump's test is true, unsigned 8 bits
/// @param jf instructions to skip when it is false, unsigned 8 bits
/// @param k operand, 32 bits
/// @see <a href="https://docs.kernel.org/networking/filter.html">Linux socket filtering</a>
public record BpfInstruction(int code, int jt, int jf, int k) {}
