package dev.ringtail.sensor.lane;

import dev.ringtail.schema.PacketBatch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/// Reads encoded batches with Avro's own decoder, the oracle of the encoder's tests.
public final class AvroBatches {
    private AvroBatches() {}

    public static PacketBatch decode(EncodedBatch batch) {
        byte[] value =
                Arrays.copyOfRange(batch.array(), batch.offset(), batch.offset() + batch.length());
        try {
            return PacketBatch.getDecoder().decode(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
