package dev.ringtail.sensor.linux;

/// Offloads of an interface that change what a tap sees: frames larger than any on the wire.
///
/// A tap reads what comes in after GRO and LRO have put segments together, and what goes out before
/// the device takes a super-frame apart (TSO).
///
/// @param gro generic receive offload: the kernel joins received segments of a flow
/// @param lro large receive offload: the device does, without keeping what it takes to undo it
/// @param tso TCP segmentation offload: the device cuts what is sent into segments
/// @param gso generic segmentation offload: the kernel does, as late as it can
public record Offloads(boolean gro, boolean lro, boolean tso, boolean gso) {}
