package dev.ringtail.consumer.export;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/// Gets the value of an indexed batch, wherever it is.
@FunctionalInterface
interface BatchFetcher {
    /// @param batch number in the index
    /// @return the record's value, or null if it is no longer there
    @Nullable ByteBuffer fetch(int batch);
}
