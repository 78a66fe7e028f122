package dev.ringtail.sensor.config;

/// Bounds of packet batches, under `batch:`.
///
/// @param size a batch is closed when it is so large
/// @param maxAge a batch is closed when it has been open so long
/// @param memory for the batches of all lanes together
public record BatchConfig(ByteSize size, TimeSpan maxAge, ByteSize memory) {
    private static final ByteSize MIN_SIZE = ByteSize.parse("16KiB");
    private static final ByteSize MAX_SIZE = ByteSize.parse("16MiB");
    private static final ByteSize MIN_MEMORY = ByteSize.parse("4MiB");
    private static final ByteSize MAX_MEMORY = ByteSize.parse("8GiB");

    /// @throws InvalidConfigException where a value is out of its bounds
    public BatchConfig {
        Bounds.check("batch.size", size, MIN_SIZE, MAX_SIZE);
        Bounds.check("batch.maxAge", maxAge, TimeSpan.parse("10ms"), TimeSpan.parse("5s"));
        Bounds.check("batch.memory", memory, MIN_MEMORY, MAX_MEMORY);
    }
}
