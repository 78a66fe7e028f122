package dev.ringtail.sensor.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.sensor.linux.PacketConstants;
import dev.ringtail.testing.Privileged;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The kernel's TPACKET_V2 ring; what the kernel's own selftest `psock_tpacket` checks of it, and
/// beyond.
@Privileged
class SlotRingIT extends PacketRingContract {
    /// 320 slots.
    private static final RingGeometry SLOTS = new RingGeometry(128 << 10, 5, 20);

    private final VethLab lab = new VethLab();
    private FanoutGroup group;

    @BeforeEach
    void open() throws Exception {
        group = lab.open(1, SLOTS, VethLab.immediate(false));
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Override
    PacketRing ring() {
        return group.rings().getFirst();
    }

    @Override
    void receive(List<byte[]> frames) throws Exception {
        lab.send(frames);
    }

    @Test
    void handsOverAPacketBeforeAnyBlockTimeout() throws Exception {
        RingGeometry slow = new RingGeometry(128 << 10, 4, 1000);
        PacketRing ring = lab.open(1, slow, VethLab.immediate(false)).rings().getFirst();

        receive(List.of(frame(60, 7)));

        // Not waited for: when the sender's call has returned, the packet is there.
        assertThat(RingFrame.drain(ring)).hasSize(1);
    }

    @Test
    void goesAroundTheRingManyTimesInOrder() throws Exception {
        int slots = (int) (SLOTS.lengthBytes() / SLOTS.slotBytes());
        List<Integer> numbers = new ArrayList<>();
        for (int sent = 0; sent < 5 * slots; ) {
            List<byte[]> frames = new ArrayList<>();
            for (int i = 0; i < slots - 1; i++) {
                frames.add(frame(60 + sent % 1400, sent++));
            }
            receive(frames);
            RingFrame.drain(ring()).forEach(f -> numbers.add(f.number(NUMBER_OFFSET)));
        }

        assertThat(numbers)
                .hasSizeGreaterThanOrEqualTo(5 * slots)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void givesFramesWholeThatAreLargerThanTheirSlots() throws Exception {
        jumbo();
        Random random = new Random(5);
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            byte[] frame = new byte[60 + random.nextInt(8900)];
            random.nextBytes(frame);
            System.arraycopy(frame(60, i), 0, frame, 0, 14);
            frames.add(frame);
        }

        receive(frames);

        List<RingFrame> read = RingFrame.read(ring(), frames.size());
        assertThat(read).hasSameSizeAs(frames);
        for (int i = 0; i < frames.size(); i++) {
            assertThat(read.get(i).data()).isEqualTo(frames.get(i));
            assertThat(read.get(i).originalLength()).isEqualTo(frames.get(i).length);
            assertThat(read.get(i).status() & PacketConstants.TP_STATUS_COPY).isZero();
        }
    }

    @Test
    void saysWhatItsSlotsCutWhenNoCopyFoundRoom() throws Exception {
        jumbo();
        // 8 MiB of queue are asked for, and each frame of 60 000 bytes is charged in full.
        RingGeometry many = new RingGeometry(1 << 20, 4, 20);
        PacketRing ring = lab.open(1, many, VethLab.immediate(false)).rings().getFirst();
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            frames.add(frame(60_000, i));
        }

        receive(frames);

        List<RingFrame> read = RingFrame.read(ring, frames.size());
        assertThat(read).hasSize(600);
        List<RingFrame> cut =
                read.stream()
                        .filter(f -> (f.status() & PacketConstants.TP_STATUS_COPY) != 0)
                        .toList();
        assertThat(cut).isNotEmpty().hasSizeLessThan(600);
        assertThat(cut)
                .allSatisfy(
                        f -> {
                            assertThat(f.data().length).isBetween(1900, 2048);
                            assertThat(f.originalLength()).isEqualTo(60_000);
                        });
        assertThat(read)
                .filteredOn(f -> (f.status() & PacketConstants.TP_STATUS_COPY) == 0)
                .allSatisfy(f -> assertThat(f.data()).hasSize(60_000));
        assertThat(read).extracting(f -> f.number(NUMBER_OFFSET)).isSorted();
    }

    private void jumbo() {
        lab.namespace.run("ip link set a0 mtu 65000");
        lab.namespace.run("ip link set a1 mtu 65000");
    }
}
