package dev.ringtail.sensor.transmit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.sensor.lane.VlanTag;
import dev.ringtail.testing.Frames;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class TransmitRingTest {
    private static final TransmitGeometry GEOMETRY = new TransmitGeometry(2048, 4096, 4);
    private static final int SLOTS = 8;

    private final MemorySegment memory = Arena.ofAuto().allocate(GEOMETRY.lengthBytes(), 4096);
    private final TransmitRing ring = new TransmitRing(memory, GEOMETRY);
    private final FakeDevice device = new FakeDevice(memory, GEOMETRY);

    @Test
    void deliversEveryFrameOnceInOrderAndManyTimesAround() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<byte[]> frames = TransmitFrames.random(1000, 2016, random);
        int sent = 0;
        for (byte[] frame : frames) {
            if (!ring.hasRoom() || random.nextInt(4) == 0) {
                device.kick();
                sent += ring.collect();
            }
            put(frame);
        }
        device.kick();
        sent += ring.collect();

        assertThat(sent).as("seed %d", seed).isEqualTo(1000);
        assertThat(device.frames())
                .as("seed %d", seed)
                .usingElementComparator(TransmitFrames.BYTES)
                .isEqualTo(frames);
    }

    @Test
    void hasNoRoomWhileTheDeviceUsesAllSlots() {
        device.keepsSlots = true;
        for (int i = 0; i < SLOTS; i++) {
            assertThat(ring.hasRoom()).isTrue();
            put(frame(i));
        }
        assertThat(ring.hasRoom()).isFalse();

        device.kick();
        assertThat(ring.collect()).isEqualTo(SLOTS);
        assertThat(ring.takenBytes()).isEqualTo(60L * SLOTS);
        assertThat(ring.pending()).isZero();
        assertThat(ring.hasRoom()).isFalse();

        device.complete(1);
        assertThat(ring.hasRoom()).isTrue();
    }

    @Test
    void countsAFrameOnceThatWasTakenLate() {
        device.capacity = 2;
        for (int i = 0; i < 5; i++) {
            put(frame(i));
        }

        List<Integer> counts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            device.kick();
            counts.add(ring.collect());
        }

        assertThat(counts).containsExactly(2, 2, 1, 0);
    }

    @Test
    void closesTheGapOfARefusedFrameAcrossTheRingsEnd() {
        // The pending frames lie in the slots 5, 6, 7, 0, 1.
        for (int i = 0; i < 5; i++) {
            put(frame(100 + i));
        }
        device.kick();
        ring.collect();
        device.frames().clear();
        byte[] bad = frame(1);
        device.refuses = f -> TransmitFrames.BYTES.compare(f, bad) == 0;
        for (int i = 0; i < 5; i++) {
            put(i == 1 ? bad : frame(i));
        }

        device.kick();
        assertThat(ring.collect()).isOne();
        assertThat(ring.headRefused()).isTrue();
        assertThat(ring.dropHead()).isEqualTo(60);
        assertThat(ring.headRefused()).isFalse();
        device.kick();

        assertThat(ring.collect()).isEqualTo(3);
        assertThat(device.frames())
                .usingElementComparator(TransmitFrames.BYTES)
                .containsExactly(frame(0), frame(2), frame(3), frame(4));
        assertThat(ring.pending()).isZero();
        assertThat(ring.hasRoom()).isTrue();
    }

    @Test
    void takesBackAllThatIsPending() {
        device.capacity = 1;
        for (int i = 0; i < 4; i++) {
            put(frame(i));
        }
        device.kick();
        ring.collect();

        assertThat(ring.dropAll()).isEqualTo(180);
        assertThat(ring.pending()).isZero();
        device.capacity = Integer.MAX_VALUE;
        put(frame(9));
        device.kick();
        assertThat(device.frames())
                .usingElementComparator(TransmitFrames.BYTES)
                .containsExactly(frame(0), frame(9));
    }

    @Test
    void putsAVlanTagBackBehindTheAddresses() {
        byte[] untagged = Frames.ethernet("0800", Frames.ipv4(17, 0, Frames.UDP));
        ring.put(MemorySegment.ofArray(untagged), 0, untagged.length, VlanTag.of(0x88a8, 0xa064));
        device.kick();

        assertThat(device.frames())
                .usingElementComparator(TransmitFrames.BYTES)
                .containsExactly(Frames.ethernet("88a8 a064 0800", Frames.ipv4(17, 0, Frames.UDP)));
    }

    @ParameterizedTest
    @CsvSource({
        "1518, 2048, 65536, 16, 512",
        "2016, 2048, 65536, 16, 512",
        "2017, 4096, 65536, 16, 256",
        "9018, 16384, 65536, 16, 64",
        "65554, 131072, 131072, 16, 16"
    })
    void hasSlotsForTheLargestFrame(
            int maxFrameBytes, int slotBytes, int blockBytes, int blockCount, int slotCount) {
        TransmitGeometry geometry = TransmitGeometry.forFrames(maxFrameBytes);

        assertThat(geometry).isEqualTo(new TransmitGeometry(slotBytes, blockBytes, blockCount));
        assertThat(geometry.slotCount()).isEqualTo(slotCount);
        assertThat(geometry.maxFrameBytes()).isGreaterThanOrEqualTo(maxFrameBytes);
    }

    @Test
    void refusesMemoryOfAnotherSize() {
        assertThatThrownBy(() -> new TransmitRing(memory.asSlice(4096), GEOMETRY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A ring of 16384 bytes does not fit memory of 12288 bytes");
    }

    private static byte[] frame(int number) {
        return TransmitFrames.numbered(number, 60, new Random(number));
    }

    private void put(byte[] frame) {
        ring.put(MemorySegment.ofArray(frame), 0, frame.length, VlanTag.NONE);
    }
}
