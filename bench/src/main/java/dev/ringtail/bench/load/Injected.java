package dev.ringtail.bench.load;

/// What a source of load gave.
///
/// @param frames count of frames
/// @param bytes of those frames
/// @param seconds from the first to the last
/// @param cores processors that it kept busy, the kernel's receive path included
public record Injected(long frames, long bytes, double seconds, double cores) {}
