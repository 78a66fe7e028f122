package dev.ringtail.consumer.flows;

/// Is told how far reading has come.
@FunctionalInterface
public interface ProgressListener {
    /// A listener that does not care.
    ProgressListener NONE = (readBatches, allBatches) -> {};

    /// Called now and then, on the thread that waits.
    ///
    /// @param readBatches records of the packets topic that are read and committed
    /// @param allBatches records to read in all
    void read(long readBatches, long allBatches);
}
