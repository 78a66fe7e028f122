package dev.ringtail.sensor.transmit;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.ringtail.sensor.linux.Errno;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/// The kernel's side of a transmit ring over plain memory, step for step as `tpacket_snd` goes.
final class FakeDevice implements TransmitPort {
    private static final int SEND_REQUEST = 1;
    private static final int SENDING = 2;
    private static final int WRONG_FORMAT = 4;

    /// What a kernel that stamps leaves beside the state (TP_STATUS_TS_SOFTWARE).
    private static final int STAMPED = 1 << 29;

    private final MemorySegment memory;
    private final TransmitGeometry geometry;
    private final List<byte[]> frames = new ArrayList<>();
    private final Deque<Integer> inFlight = new ArrayDeque<>();
    private int head;
    private int kicks;

    /// How many frames a kick takes before it answers with `error`.
    int capacity = Integer.MAX_VALUE;

    Errno error = Errno.ENOBUFS;
    Predicate<byte[]> refuses = f -> false;
    boolean keepsSlots;

    FakeDevice(MemorySegment memory, TransmitGeometry geometry) {
        this.memory = memory;
        this.geometry = geometry;
    }

    /// Frames that were taken, in order.
    List<byte[]> frames() {
        return frames;
    }

    int kicks() {
        return kicks;
    }

    @Override
    public long kick() {
        kicks++;
        long bytes = 0;
        for (int taken = 0; state(head) == SEND_REQUEST; taken++) {
            byte[] frame = frame(head);
            if (refuses.test(frame)) {
                state(head, WRONG_FORMAT);
                return -Errno.EMSGSIZE.number();
            }
            if (taken == capacity) {
                return -error.number();
            }
            state(head, SENDING);
            inFlight.add(head);
            frames.add(frame);
            bytes += frame.length;
            head = (head + 1) % geometry.slotCount();
        }
        if (!keepsSlots) {
            complete(inFlight.size());
        }
        return bytes;
    }

    /// Gives the oldest slots back, as when the device has sent them.
    void complete(int count) {
        for (int i = 0; i < count; i++) {
            state(inFlight.remove(), STAMPED);
        }
    }

    private byte[] frame(int slot) {
        long at = (long) slot * geometry.slotBytes();
        int length = memory.get(JAVA_INT, at + 4);
        return memory.asSlice(at + 32, length).toArray(JAVA_BYTE);
    }

    private int state(int slot) {
        return memory.get(JAVA_INT, (long) slot * geometry.slotBytes());
    }

    private void state(int slot, int state) {
        memory.set(JAVA_INT, (long) slot * geometry.slotBytes(), state);
    }
}
