package dev.ringtail.sensor.transmit;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.sensor.lane.VlanTag;
import dev.ringtail.sensor.linux.PacketConstants;
import dev.ringtail.sensor.linux.SyscallException;
import dev.ringtail.sensor.ring.MemoryRing;
import dev.ringtail.sensor.ring.RingGeometry;
import dev.ringtail.sensor.ring.SyntheticFrame;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

@Timeout(60)
class ForwarderTest {
    private static final RingGeometry GEOMETRY = new RingGeometry(128 << 10, 4, 10);
    private static final Duration SETTLE = Duration.ofMillis(10);
    private static final int VLAN =
            PacketConstants.TP_STATUS_VLAN_VALID | PacketConstants.TP_STATUS_VLAN_TPID_VALID;

    private final MemoryRing ring = new MemoryRing(GEOMETRY);
    private final RecordingTarget target = new RecordingTarget();
    private final ForwardCounters counters = new ForwardCounters(target.counters);

    @AfterEach
    void close() {
        ring.close();
    }

    @Test
    void forwardsEverythingInOrderAndFlushesEachBlock() throws Exception {
        List<SyntheticFrame> frames = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            frames.add(SyntheticFrame.of(frame(i), i));
        }

        forward(frames, false, Duration.ofSeconds(20));

        assertThat(target.frames).hasSizeBetween(1, 1000);
        for (int i = 0; i < target.frames.size(); i++) {
            assertThat(target.frames.get(i)).isEqualTo(frame(i));
        }
        assertThat(target.unflushed).isZero();
        assertThat(counters.kernelPackets()).isEqualTo(1000);
        assertThat(counters.kernelDrops()).isEqualTo(1000 - target.frames.size());
        assertThat(counters.imbalances()).isEmpty();
    }

    @Test
    void leavesOutAndCountsWhatIsOutgoingOrTheTargetsOwn() throws Exception {
        byte[] own = frame(7);
        target.own = own;

        forward(packets(own), false, Duration.ofSeconds(20));

        assertThat(target.frames).containsExactly(frame(1));
        assertThat(counters.outgoing().packets()).isOne();
        assertThat(counters.ownTraffic().packets()).isOne();
        assertThat(counters.imbalances()).isEmpty();
    }

    @Test
    void forwardsOutgoingPacketsWhereTheyAreWanted() throws Exception {
        byte[] own = frame(7);
        target.own = own;

        forward(packets(own), true, Duration.ofSeconds(20));

        assertThat(target.frames).containsExactly(frame(1), frame(2));
        assertThat(counters.outgoing().packets()).isZero();
    }

    private static List<SyntheticFrame> packets(byte[] own) {
        return List.of(
                SyntheticFrame.of(frame(1), 1),
                new SyntheticFrame(frame(2), 60, 2, PacketConstants.PACKET_OUTGOING, 0, 0, 0),
                SyntheticFrame.of(own, 3));
    }

    @Test
    void handsOnTheTagThatTheKernelTookOutAndCountsItsBytes() throws Exception {
        forward(
                List.of(new SyntheticFrame(frame(1), 60, 1, 0, VLAN, 0xa064, 0x88a8)),
                false,
                Duration.ofSeconds(20));

        assertThat(target.tags).containsExactly(VlanTag.of(0x88a8, 0xa064));
        assertThat(counters.received().bytes()).isEqualTo(64);
        assertThat(counters.imbalances()).isEmpty();
    }

    @Test
    void countsPacketsThatWereCut() throws Exception {
        forward(
                List.of(
                        new SyntheticFrame(frame(1), 1000, 1, 0, 0, 0, 0),
                        SyntheticFrame.of(frame(2), 2)),
                false,
                Duration.ofSeconds(20));

        assertThat(counters.cut().packets()).isOne();
        assertThat(target.frames).hasSize(2);
    }

    @Test
    void countsAsNotSentWhatItHasNoTimeLeftFor() {
        Forwarder forwarder = new Forwarder(ring, target, counters, false);
        // While the first is sent another comes in, and the time is over.
        target.onSend =
                () -> {
                    ring.receive(List.of(SyntheticFrame.of(frame(1), 1)));
                    forwarder.drain(Duration.ZERO, Duration.ZERO);
                };
        ring.receive(List.of(SyntheticFrame.of(frame(0), 0)));

        forwarder.run();

        assertThat(target.frames).hasSize(1);
        assertThat(counters.frames().notSent().get("stopped").packets()).isOne();
        assertThat(counters.received().packets()).isEqualTo(target.frames.size() + 1L);
        assertThat(counters.imbalances()).isEmpty();
    }

    private void forward(List<SyntheticFrame> frames, boolean keepOutgoing, Duration limit)
            throws Exception {
        Forwarder forwarder = new Forwarder(ring, target, counters, keepOutgoing);
        ring.receive(frames);
        Thread thread = Thread.ofPlatform().start(forwarder);
        forwarder.drain(SETTLE, limit);
        thread.join();
    }

    private static byte[] frame(int number) {
        return TransmitFrames.numbered(number, 60, new java.util.Random(number));
    }

    /// Keeps what it is given.
    private static final class RecordingTarget implements FrameTarget, FrameSink {
        final List<byte[]> frames = new ArrayList<>();
        final List<Long> tags = new ArrayList<>();
        final TransmitCounters counters = new TransmitCounters();
        byte[] own = {};
        int unflushed;
        Runnable onSend = () -> {};

        @Override
        public FrameSink sink() {
            return this;
        }

        @Override
        public int linkType() {
            return LinkType.ETHERNET;
        }

        @Override
        public boolean isOwn(MemorySegment memory, long at, int length) {
            return TransmitFrames.BYTES.compare(own, bytes(memory, at, length)) == 0;
        }

        @Override
        public void send(MemorySegment source, long at, int length, long vlanTag) {
            onSend.run();
            frames.add(bytes(source, at, length));
            tags.add(vlanTag);
            unflushed++;
            counters.sent(1, length + VlanTag.lengthOf(vlanTag));
        }

        private static byte[] bytes(MemorySegment memory, long at, int length) {
            return memory.asSlice(at, length).toArray(JAVA_BYTE);
        }

        @Override
        public void flush() {
            unflushed = 0;
        }

        @Override
        public @Nullable SyscallException failure() {
            return null;
        }

        @Override
        public void close() {}
    }
}
