package dev.ringtail.sensor.ring;

/// A block came whose sequence number does not follow the last: reader and kernel no longer agree
/// where the ring goes on, and what is in it can't be trusted.
public final class RingOutOfStepException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RingOutOfStepException(int blockIndex, long found, long expected) {
        super(
                "Ring out of step at block %d: sequence number %d where %d was due"
                        .formatted(blockIndex, found, expected));
    }
}
