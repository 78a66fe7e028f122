package dev.ringtail.sensor.lane;

/// Chooses one of N flows by the flow's hash, so that a flow is wholly in or wholly out, in both
/// directions, in every lane and at every sensor. Fragments are chosen by their address pair, as
/// they are partitioned.
final class FlowSampler {
    private FlowSampler() {}

    /// Whether the flow is one of those that are kept.
    ///
    /// @param flowHash hash of [FlowPartitioner]
    static boolean keeps(int flowHash, int oneIn) {
        return oneIn == 1 || Integer.remainderUnsigned(mix(flowHash), oneIn) == 0;
    }

    /// The partition is the hash modulo the partition count. So that each partition gets its share
    /// of the flows that are kept, these are chosen by other bits: the finalizer of MurmurHash3.
    private static int mix(int hash) {
        int h = hash ^ hash >>> 16;
        h *= 0x85ebca6b;
        h ^= h >>> 13;
        h *= 0xc2b2ae35;
        return h ^ h >>> 16;
    }
}
