package dev.ringtail.bench.micro;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Counts packets beside operations.
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Packets {
    /// Packets so far.
    public long packets;
}
