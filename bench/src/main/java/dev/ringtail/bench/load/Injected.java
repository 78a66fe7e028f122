package dev.ringtail.bench.load;

/// What the injector gave.
///
/// @param frames count of frames
/// @param bytes of those frames
/// @param seconds from the first to the last
/// @param cpuNs processor time that it took, the kernel's receive path included
public record Injected(long frames, long bytes, double seconds, long cpuNs) {}
