package dev.ringtail.bench.rig;

import java.util.Optional;

/// Something that a row measures: Ringtail, or a peer. Each trial stands alone, so that trials of
/// contenders can take turns.
public interface Contender {
    /// Name in the table, for instance `tcpdump 60 B`; unique in its row.
    String name();

    /// Why this machine can't run it, for instance "no gcc"; empty where it can.
    default Optional<String> missing() throws InterruptedException {
        return Optional.empty();
    }

    /// Measures once. Whatever it starts has ended when it returns or throws.
    ///
    /// @throws BenchException when the trial failed; the message says what, with which program
    /// @throws InterruptedException when the run is being ended
    Sample measure(Trial trial) throws InterruptedException;
}
