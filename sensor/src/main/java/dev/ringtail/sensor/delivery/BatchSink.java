package dev.ringtail.sensor.delivery;

import dev.ringtail.schema.SensorReport;
import dev.ringtail.sensor.lane.BatchHandOff;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/// Takes a session's closed batches from its lanes, and has one outcome for each in the ledger.
///
/// The order of calls: [#start] before the first packet is let in, [#drain] when all lanes have
/// ended, [#finish] with the final report, [#close].
public interface BatchSink extends AutoCloseable {
    /// Adds a lane's hand-off, before or after the start.
    void register(BatchHandOff handOff);

    /// Tells that a hand-off has a batch. Cheap, never waits; lanes call it after each offer.
    void wake();

    /// Begins to take batches. What readers of the session need beforehand is there when it
    /// returns.
    ///
    /// @throws RuntimeException the implementation's own, with a message for the user
    void start();

    /// Waits until all hand-offs are empty and every batch has its outcome. Call it when all lanes
    /// have ended; nothing is taken afterwards.
    ///
    /// @param timeout what has no outcome by then becomes `unknown`
    void drain(Duration timeout);

    /// Ends the session's account, after [#drain].
    ///
    /// @throws RuntimeException where the report could not be delivered within the timeout
    void finish(SensorReport finalReport, Duration timeout);

    /// Why batches are no longer delivered; null while all is well. They are taken and counted all
    /// the same. Callable from any thread.
    @Nullable Throwable failure();

    /// How it is getting on. Callable from any thread, waits for nothing.
    SinkStatus status();

    /// Frees everything; what has no outcome becomes `unknown`.
    @Override
    void close();
}
