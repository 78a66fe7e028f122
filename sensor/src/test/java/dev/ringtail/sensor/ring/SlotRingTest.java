package dev.ringtail.sensor.ring;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.ringtail.sensor.linux.PacketConstants;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

class SlotRingTest {
    private static final RingGeometry GEOMETRY = new RingGeometry(128 << 10, 2, 10, 2048, 0);
    private static final int SLOT_COUNT = 128;

    private final FrameView frame = new FrameView();
    private final MemorySegment memory = Arena.ofAuto().allocate(GEOMETRY.lengthBytes(), 4096);
    private final SlotWriter writer = new SlotWriter(memory, GEOMETRY);
    private final Deque<byte[]> queue = new ArrayDeque<>();
    private final SlotRing ring =
            new SlotRing(
                    memory,
                    GEOMETRY,
                    this::takeFromQueue,
                    Arena.ofAuto().allocate(GEOMETRY.blockBytes(), Long.BYTES));

    private long takeFromQueue(MemorySegment buffer) {
        byte[] frame = queue.poll();
        if (frame == null) {
            return -1;
        }
        MemorySegment.copy(
                frame, 0, buffer, JAVA_BYTE, 0, (int) Math.min(frame.length, buffer.byteSize()));
        return frame.length;
    }

    @Test
    void readsAsV3WhatTheKernelWroteAsV2() {
        byte[] data = PacketRingContract.frame(1500, 7);
        int status =
                PacketConstants.TP_STATUS_VLAN_VALID
                        | PacketConstants.TP_STATUS_VLAN_TPID_VALID
                        | PacketConstants.TP_STATUS_TS_RAW_HARDWARE;
        writer.add(new SyntheticFrame(data, 1600, 5_000_000_007L, 3, status, 0xa064, 0x88a8));

        assertThat(ring.acquire()).isTrue();
        // Again before the release: the header is not turned a second time.
        assertThat(ring.acquire()).isTrue();

        long header = ring.firstPacket();
        assertThat(frame.read(header, ring.blockStart(), ring.blockEnd())).isTrue();
        assertThat(frame.next()).isEqualTo(ring.blockEnd());
        assertThat(frame.timestampNs()).isEqualTo(5_000_000_007L);
        assertThat(frame.originalLength()).isEqualTo(1600);
        assertThat(frame.capturedLength()).isEqualTo(1500);
        assertThat(frame.packetType()).isEqualTo(3);
        assertThat(frame.status() & status).isEqualTo(status);
        assertThat(FrameHeader.vlanTci(header)).isEqualTo(0xa064);
        assertThat(FrameHeader.vlanTpid(header, status)).isEqualTo(0x88a8);
        assertThat(FrameHeader.network(header) - FrameHeader.data(header)).isEqualTo(14);
        assertThat(RingReader.MEMORY.asSlice(FrameHeader.data(header), 1500).toArray(JAVA_BYTE))
                .isEqualTo(data);
    }

    @Test
    void goesAroundTheRingManyTimes() {
        for (int round = 0; round < 10; round++) {
            for (int slot = 0; slot < SLOT_COUNT; slot++) {
                assertThat(writer.add(SyntheticFrame.of(new byte[60], round))).isTrue();
            }
            assertThat(writer.add(SyntheticFrame.of(new byte[60], round))).isFalse();
            for (int slot = 0; slot < SLOT_COUNT; slot++) {
                assertThat(ring.acquire()).isTrue();
                assertThat(ring.blockStart()).isEqualTo(memory.address() + slot * 2048L);
                frame.read(ring.firstPacket(), ring.blockStart(), ring.blockEnd());
                assertThat(frame.timestampNs()).isEqualTo(round);
                ring.release();
            }
            assertThat(ring.acquire()).isFalse();
        }
    }

    @Test
    void givesTheCopyOfAFrameThatIsLargerThanItsSlot() {
        byte[] large = PacketRingContract.frame(9000, 7);
        queue.add(large);
        writer.add(new SyntheticFrame(large, 9000, 1, 0, PacketConstants.TP_STATUS_COPY, 0, 0));

        ring.acquire();

        long header = ring.firstPacket();
        assertThat(frame.read(header, ring.blockStart(), ring.blockEnd())).isTrue();
        assertThat(FrameHeader.status(header) & PacketConstants.TP_STATUS_COPY).isZero();
        assertThat(RingReader.MEMORY.asSlice(FrameHeader.data(header), 9000).toArray(JAVA_BYTE))
                .isEqualTo(large);
        assertThat(FrameHeader.network(header) - FrameHeader.data(header)).isEqualTo(14);
    }

    @Test
    void cutsACopyToItsBuffer() {
        byte[] huge = new byte[GEOMETRY.blockBytes() + 1];
        queue.add(huge);
        writer.add(
                new SyntheticFrame(huge, huge.length, 1, 0, PacketConstants.TP_STATUS_COPY, 0, 0));

        ring.acquire();

        long header = ring.firstPacket();
        assertThat(frame.read(header, ring.blockStart(), ring.blockEnd())).isTrue();
        assertThat(FrameHeader.capturedLength(header))
                .isGreaterThanOrEqualTo(GEOMETRY.maxFrameBytes());
    }

    @Test
    void saysThatAFrameWasCutByItsSlot() {
        for (int status : new int[] {0, PacketConstants.TP_STATUS_COPY}) {
            writer.add(
                    new SyntheticFrame(
                            PacketRingContract.frame(9000, 7), 9000, 1, 0, status, 0, 0));

            ring.acquire();

            long header = ring.firstPacket();
            assertThat(FrameHeader.capturedLength(header)).isEqualTo(2048 - 98);
            assertThat(FrameHeader.status(header) & PacketConstants.TP_STATUS_COPY).isNotZero();
            ring.release();
        }
    }
}
