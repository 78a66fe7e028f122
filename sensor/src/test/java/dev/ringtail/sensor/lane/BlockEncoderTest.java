package dev.ringtail.sensor.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.frame.FrameParser;
import dev.ringtail.pcap.libpcap.BpfInstruction;
import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.schema.Packet;
import dev.ringtail.schema.Tally;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ledger.LaneTerm;
import dev.ringtail.sensor.linux.GuardedMemory;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.PacketConstants;
import dev.ringtail.sensor.ring.BlockRing;
import dev.ringtail.sensor.ring.BpfMachine;
import dev.ringtail.sensor.ring.MemoryRing;
import dev.ringtail.sensor.ring.RingGeometry;
import dev.ringtail.sensor.ring.RingReader;
import dev.ringtail.sensor.ring.RingWriter;
import dev.ringtail.sensor.ring.SyntheticFrame;
import dev.ringtail.testing.Frames;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Plain packets go another way through the encoder than all others. A filter that accepts
/// everything, run over each packet, keeps them from it, so that one encoder can be held against
/// another that reads the same blocks.
class BlockEncoderTest {
    private static final RingGeometry GEOMETRY = new RingGeometry(128 << 10, 2, 10);
    private static final int BLOCKS = 400;
    private static final int BATCH_BYTES = 64 << 10;
    private static final int PARTITIONS = 8;
    private static final int MAX_VALUE_BYTES = 1_500;
    private static final int MAX_FRAME_BYTES = 1_600;
    private static final int FULL_FRAME_BYTES = 1_514;
    private static final int ORDINARY_SNAP_LENGTH = 262_144;
    private static final int OWN_PORT = 3;
    private static final int PORTS = 6;
    private static final int RETURN = 0x06;

    /// Where the IPv4 addresses begin.
    private static final int ADDRESSES = 26;

    private static final int TCP = 6;

    private static final List<byte[]> HEADERS =
            List.of(
                    Frames.ethernet("0800", Frames.ipv4(6, 0, Frames.TCP)),
                    Frames.ethernet("0800", Frames.ipv4(17, 0x4000, Frames.UDP)),
                    Frames.ethernet("0800", Frames.ipv4(6, 0x2000, Frames.TCP)),
                    Frames.ethernet("0800", Frames.ipv4(17, 0x0003, Frames.UDP)),
                    Frames.ethernet("0800", Frames.ipv4(1, 0, "0800 0000 0001 0002")),
                    Frames.ethernet("0800", Frames.ipv4(132, 0, Frames.UDP)),
                    Frames.ethernet("0800", "46", Frames.ipv4(6, 0, Frames.TCP).substring(2)),
                    Frames.ethernet("8100 0064 0800", Frames.ipv4(6, 0, Frames.TCP)),
                    Frames.ethernet("86dd", Frames.ipv6(6, Frames.TCP)),
                    Frames.ethernet("0806", "0001 0800 06 04"),
                    new byte[0]);

    /// Of them those at the beginning.
    private static final int PLAIN_KINDS = 2;

    /// The status bits that a lane looks at.
    private static final int[] STATUS_BITS = {
        PacketConstants.TP_STATUS_COPY,
        PacketConstants.TP_STATUS_CSUMNOTREADY,
        PacketConstants.TP_STATUS_VLAN_VALID,
        PacketConstants.TP_STATUS_VLAN_VALID | PacketConstants.TP_STATUS_VLAN_TPID_VALID,
        PacketConstants.TP_STATUS_VLAN_TPID_VALID,
        PacketConstants.TP_STATUS_CSUM_VALID,
        PacketConstants.TP_STATUS_GSO_TCP,
        PacketConstants.TP_STATUS_TS_SOFTWARE,
        PacketConstants.TP_STATUS_TS_RAW_HARDWARE
    };

    /// Connections of a port at addresses that begin with 10; counts what it was asked.
    private static final class OnePort implements OwnTrafficMatcher {
        private int frames;
        private int addresses;

        @Override
        public boolean matches(FrameParser frame) {
            frames++;
            return frame.ipVersion() == 4
                    && frame.protocol() == TCP
                    && frame.hasPorts()
                    && isOwn(
                            frame.sourceAddress4(),
                            frame.destinationAddress4(),
                            frame.sourcePort(),
                            frame.destinationPort());
        }

        @Override
        public boolean matches4(int source, int destination, int sourcePort, int destinationPort) {
            addresses++;
            return isOwn(source, destination, sourcePort, destinationPort);
        }

        private static boolean isOwn(
                int source, int destination, int sourcePort, int destinationPort) {
            return sourcePort == OWN_PORT && source >>> 24 == 10
                    || destinationPort == OWN_PORT && destination >>> 24 == 10;
        }
    }

    /// Is asked for every plain TCP packet, and does something else then.
    private static final class LookingOn implements OwnTrafficMatcher {
        private Runnable look = () -> {};

        @Override
        public boolean matches(FrameParser frame) {
            return false;
        }

        @Override
        public boolean matches4(int source, int destination, int sourcePort, int destinationPort) {
            look.run();
            return false;
        }
    }

    /// An encoder with all that it needs.
    private static final class Encoding {
        final LaneCounters counters = new LaneCounters(0, "e");
        final BatchPool pool = new BatchPool(256, BATCH_BYTES, () -> {});
        final OnePort ownTraffic = new OnePort();
        final BatchEncoder batches;
        final BlockEncoder encoder;

        Encoding(int linkType, int snapLength, PacketRules rules) {
            batches =
                    new BatchEncoder(
                            pool,
                            WireFormat.SINGLE_OBJECT,
                            0,
                            PARTITIONS,
                            MAX_VALUE_BYTES,
                            new CaptureDescriptor("s", "s", 1, "e", linkType, snapLength),
                            counters);
            encoder = new BlockEncoder(batches, counters, ownTraffic, linkType, PARTITIONS, rules);
        }

        /// The record values of a block.
        List<String> encode(RingReader block) {
            assertThat(batches.hasRoomFor(block.blockBytes(), block.packetCount())).isTrue();
            encoder.encode(block, 0);
            batches.closeAll();
            List<String> values = new ArrayList<>();
            EncodedBatch batch;
            while ((batch = pool.poll()) != null) {
                int end = batch.offset() + batch.length();
                values.add(HexFormat.of().formatHex(batch.array(), batch.offset(), end));
                pool.giveBack(batch);
            }
            return values;
        }

        Map<LaneTerm, Tally> tallies() {
            Map<LaneTerm, Tally> tallies = new EnumMap<>(LaneTerm.class);
            for (LaneTerm term : LaneTerm.values()) {
                tallies.put(term, new Tally(counters.packets(term), counters.bytes(term)));
            }
            return tallies;
        }
    }

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    @ParameterizedTest
    @CsvSource({
        LinkType.ETHERNET + ", 262144, true",
        LinkType.ETHERNET + ", 262144, false",
        LinkType.ETHERNET + ", 96, true",
        LinkType.ETHERNET + ", 20, false",
        LinkType.RAW + ", 262144, true"
    })
    void makesTheSameOfPlainPacketsOnBothWays(int linkType, int snapLength, boolean keepOutgoing) {
        PacketRules rules = new PacketRules(keepOutgoing, false, 1);
        Encoding shortWay = new Encoding(linkType, snapLength, rules);
        Encoding longWay = new Encoding(linkType, snapLength, rules);
        longWay.encoder.recheck(returning(ORDINARY_SNAP_LENGTH));
        try (Arena arena = Arena.ofConfined()) {
            // Read by address: an access outside the ring ends this JVM.
            MemorySegment memory =
                    GuardedMemory.allocate(LibC.load(), GEOMETRY.lengthBytes(), arena);
            RingWriter writer = new RingWriter(memory, GEOMETRY);
            BlockRing ring = new BlockRing(memory, GEOMETRY);
            for (int block = 0; block < BLOCKS; block++) {
                fill(writer);
                assertThat(ring.acquire()).isTrue();
                assertThat(shortWay.encode(ring))
                        .as("seed %d, block %d", seed, block)
                        .isEqualTo(longWay.encode(ring));
                ring.release();
            }
        }

        assertThat(shortWay.tallies()).as("seed %d", seed).isEqualTo(longWay.tallies());
        assertThat(shortWay.counters.packets(LaneTerm.CUT)).isPositive();
        assertThat(longWay.ownTraffic.addresses).isZero();
        if (linkType == LinkType.ETHERNET) {
            assertThat(shortWay.ownTraffic.addresses).isPositive();
            assertThat(shortWay.counters.packets(LaneTerm.EXCLUDED_OWN_TRAFFIC)).isPositive();
        } else {
            assertThat(shortWay.ownTraffic.addresses).isZero();
        }
    }

    @Test
    void runsAFilterOverPlainPacketsToo() {
        Encoding encoding = new Encoding(LinkType.ETHERNET, ORDINARY_SNAP_LENGTH, PacketRules.ALL);
        try (MemoryRing ring = new MemoryRing(GEOMETRY)) {
            ring.receive(List.of(plain(), plain()));
            RingReader block = ring.blocks();
            assertThat(block.acquire()).isTrue();

            encoding.encoder.recheck(returning(0));
            assertThat(encoding.encode(block)).isEmpty();
            assertThat(encoding.counters.packets(LaneTerm.EXCLUDED_STALE_FILTER)).isEqualTo(2);
            encoding.encoder.recheck(null);
            assertThat(encoding.encode(block)).hasSize(1);
            assertThat(encoding.counters.packets(LaneTerm.PUBLISHED)).isEqualTo(2);
        }
    }

    @Test
    void shedsPlainPacketsTooAndThenKeepsThem() {
        Encoding encoding = new Encoding(LinkType.ETHERNET, ORDINARY_SNAP_LENGTH, PacketRules.ALL);
        try (MemoryRing ring = new MemoryRing(GEOMETRY)) {
            ring.receive(List.of(plain(), plain()));
            RingReader block = ring.blocks();
            assertThat(block.acquire()).isTrue();

            encoding.encoder.shed(block, 2);
            assertThat(encoding.counters.shed())
                    .containsExactly(
                            Map.entry("stopped", new Tally(2L, 2L * plain().data().length)));
            assertThat(encoding.encode(block)).hasSize(1);
            assertThat(encoding.counters.packets(LaneTerm.PUBLISHED)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepsFramesOfEveryLength(boolean plain) {
        EncodedLab lab = new EncodedLab(LinkType.ETHERNET, ORDINARY_SNAP_LENGTH);
        List<SyntheticFrame> frames = new ArrayList<>();
        for (int length = 0; length <= 200; length++) {
            byte[] data = new byte[length];
            random.nextBytes(data);
            if (plain) {
                System.arraycopy(HEADERS.getFirst(), 0, data, 0, Math.min(length, ADDRESSES));
            }
            frames.add(SyntheticFrame.of(data, 1));
        }
        // Several blocks, whose last frames are no full row of copies.
        for (int i = 0; i < 200; i++) {
            byte[] data = new byte[FULL_FRAME_BYTES];
            random.nextBytes(data);
            if (plain) {
                System.arraycopy(HEADERS.getFirst(), 0, data, 0, HEADERS.getFirst().length);
            }
            frames.add(SyntheticFrame.of(data, 1));
        }
        List<Packet> packets;
        try (MemoryRing ring = new MemoryRing(new RingGeometry(128 << 10, 4, 10))) {
            ring.receive(frames);
            packets = lab.read(ring);
        }

        assertThat(packets)
                .as("seed %d", seed)
                .extracting(BlockEncoderTest::bytes)
                .containsExactlyElementsOf(frames.stream().map(SyntheticFrame::data).toList());
    }

    /// A batch that is full is the publisher's at once, in the middle of a block: here somebody
    /// looks at every packet what can be taken.
    @Test
    void handsNoBatchOverBeforeItsFramesAreCopied() {
        List<Packet> packets = new ArrayList<>();
        LookingOn lookingOn = new LookingOn();
        EncodedLab lab =
                new EncodedLab(LinkType.ETHERNET, ORDINARY_SNAP_LENGTH, BATCH_BYTES, lookingOn);
        lookingOn.look = () -> packets.addAll(lab.handedOver());
        List<SyntheticFrame> frames = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            byte[] data = new byte[FULL_FRAME_BYTES];
            random.nextBytes(data);
            System.arraycopy(HEADERS.getFirst(), 0, data, 0, HEADERS.getFirst().length);
            frames.add(SyntheticFrame.of(data, 1));
        }
        try (MemoryRing ring = new MemoryRing(new RingGeometry(512 << 10, 2, 10))) {
            ring.receive(frames);
            List<Packet> last = lab.read(ring);
            assertThat(packets.size()).as("taken meanwhile").isGreaterThan(last.size());
            packets.addAll(last);
        }

        assertThat(packets)
                .as("seed %d", seed)
                .extracting(BlockEncoderTest::bytes)
                .containsExactlyElementsOf(frames.stream().map(SyntheticFrame::data).toList());
    }

    private static byte[] bytes(Packet packet) {
        byte[] data = new byte[packet.getData().remaining()];
        packet.getData().duplicate().get(data);
        return data;
    }

    private static BpfMachine returning(int bytes) {
        return new BpfMachine(new BpfProgram(List.of(new BpfInstruction(RETURN, 0, 0, bytes))));
    }

    private static SyntheticFrame plain() {
        return SyntheticFrame.of(HEADERS.getFirst(), 1);
    }

    private void fill(RingWriter writer) {
        boolean room = true;
        while (room) {
            room = writer.add(frame());
        }
        writer.closeBlock();
    }

    private SyntheticFrame frame() {
        byte[] data = data();
        int status = 0;
        for (int i = random.nextInt(3); i > 0; i--) {
            status |= STATUS_BITS[random.nextInt(STATUS_BITS.length)];
        }
        return new SyntheticFrame(
                data,
                random.nextInt(8) == 0 ? random.nextInt() : data.length,
                random.nextInt(1_000_000_000) * 4_000_000_007L,
                random.nextInt(9),
                status,
                random.nextInt(1 << 16),
                random.nextInt(1 << 16));
    }

    private byte[] data() {
        byte[] data = new byte[random.nextInt(MAX_FRAME_BYTES + 1) >>> random.nextInt(6)];
        random.nextBytes(data);
        // Half of them plain.
        int kinds = random.nextBoolean() ? PLAIN_KINDS : HEADERS.size();
        byte[] headers = HEADERS.get(random.nextInt(kinds));
        System.arraycopy(headers, 0, data, 0, Math.min(headers.length, data.length));
        if (data.length >= 38) {
            data[29] = (byte) random.nextInt();
            data[33] = (byte) random.nextInt();
            data[26] = (byte) (10 + random.nextInt(2));
            data[30] = (byte) (10 + random.nextInt(2));
            data[34] = 0;
            data[35] = (byte) random.nextInt(PORTS);
            data[36] = 0;
            data[37] = (byte) random.nextInt(PORTS);
        }
        for (int i = random.nextInt(8) - 5; i > 0 && data.length > 0; i--) {
            data[random.nextInt(Math.min(data.length, 42))] = (byte) random.nextInt();
        }
        return data;
    }
}
