package dev.ringtail.sensor.ring;

import org.junit.jupiter.api.AfterEach;

import java.util.List;

class MemoryRingTest extends PacketRingContract {
    private final MemoryRing ring = new MemoryRing(GEOMETRY);

    @Override
    PacketRing ring() {
        return ring;
    }

    @Override
    void receive(List<byte[]> frames) {
        ring.receive(frames.stream().map(f -> SyntheticFrame.of(f, 1)).toList());
    }

    @AfterEach
    void close() {
        ring.close();
    }
}
