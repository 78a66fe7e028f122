package dev.ringtail.sensor.lane;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A bounded queue from one producing thread to one consuming thread, without locks and allocation.
///
/// A slot is null where it is free: the producer stores an element with release semantics, the
/// consumer loads it with acquire semantics and stores null likewise, so both indices stay private
/// to their thread.
final class SpscQueue<T> {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

    private final @Nullable Object[] slots;
    private final int mask;
    private int producerIndex;
    private int consumerIndex;

    /// @param capacity the most elements that are ever in the queue
    SpscQueue(int capacity) {
        int size = Integer.highestOneBit(Math.max(1, capacity - 1)) << 1;
        this.slots = new Object[size];
        this.mask = size - 1;
    }

    /// Appends. Producing thread only.
    ///
    /// @throws IllegalStateException where the capacity is exceeded: an element was added twice
    void offer(T element) {
        int slot = producerIndex & mask;
        if (SLOT.getAcquire(slots, slot) != null) {
            throw new IllegalStateException("The queue of " + slots.length + " is full");
        }
        SLOT.setRelease(slots, slot, element);
        producerIndex++;
    }

    /// Takes the oldest element, null where there is none. Consuming thread only.
    @SuppressWarnings("unchecked") // offer takes nothing but T
    @Nullable T poll() {
        int slot = consumerIndex & mask;
        T element = (T) SLOT.getAcquire(slots, slot);
        if (element != null) {
            SLOT.setRelease(slots, slot, (Object) null);
            consumerIndex++;
        }
        return element;
    }
}
