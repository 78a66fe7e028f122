package dev.ringtail.sensor.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ledger.LaneTerm;
import dev.ringtail.sensor.linux.PacketConstants;
import dev.ringtail.sensor.ring.MemoryRing;
import dev.ringtail.sensor.ring.RingGeometry;
import dev.ringtail.sensor.ring.SyntheticFrame;
import dev.ringtail.testing.Frames;
import dev.ringtail.testing.Tools;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// That the warm-up has the JIT compile what a lane does with every packet, in a JVM of its own, as
/// in this one other tests may have done it already.
class LaneWarmUpIT { // R7
    /// What runs for every packet: found compiled on its own, or its caller has it inlined.
    private static final List<String> FOR_EVERY_PACKET =
            List.of("BlockEncoder.encodePlain", "BatchEncoder.append", "FrameParser.parseIpv6");

    /// Classes whose compiled code a lane runs for every packet.
    private static final Set<String> LANES_CLASSES =
            Set.of(
                    "BlockEncoder",
                    "BatchEncoder",
                    "EncodedBatch",
                    "FlowHash",
                    "FlowPartitioner",
                    "FrameCopies",
                    "FrameHeader",
                    "FrameParser",
                    "FrameView",
                    "PacketNumbers",
                    "PlainIpv4",
                    "VlanTag");

    private static final String DISCARDED = "discarded ";
    private static final int BATCH_BYTES = 16 << 10;
    private static final int FRAMES = 2_000;
    private static final int FULL_FRAME_BYTES = 1_514;
    private static final int PARTITIONS = 3;
    private static final int SUPER_FRAME_BYTES = 60_000;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Test
    void compilesTheInnerLoopBeforeItReturnsForWhatALaneThenMeets() {
        List<String> printed =
                Tools.run(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LaneWarmUpIT.class.getName())
                        .orFail()
                        .stdout()
                        .lines()
                        .toList();

        assertThat(printed).containsAll(FOR_EVERY_PACKET);
        assertThat(printed).noneMatch(line -> line.startsWith(DISCARDED));
    }

    /// Runs the warm-up and prints the methods that were compiled meanwhile; then a lane, and the
    /// methods of a lane's packages whose code was discarded meanwhile.
    public static void main(String[] arguments) throws IOException {
        Set<String> compiled =
                record(
                        "jdk.Compilation",
                        () ->
                                LaneWarmUp.run(
                                        Duration.ofMillis(700),
                                        OwnTrafficMatcher.NONE,
                                        PacketRules.ALL));
        compiled.forEach(System.out::println);
        Set<String> discarded = record("jdk.Deoptimization", LaneWarmUpIT::fillBatches);
        discarded.stream()
                .filter(method -> LANES_CLASSES.contains(method.substring(0, method.indexOf('.'))))
                .forEach(m -> System.out.println(DISCARDED + m));
    }

    /// Reads enough of a ring to fill batches.
    private static void fillBatches() {
        LaneCounters counters = new LaneCounters(0, "");
        BatchPool pool = new BatchPool(128, BATCH_BYTES, () -> {});
        BatchEncoder batches =
                new BatchEncoder(
                        pool,
                        WireFormat.SINGLE_OBJECT,
                        0,
                        PARTITIONS,
                        BATCH_BYTES,
                        new CaptureDescriptor("", "", 1, "", LinkType.ETHERNET, 262_144),
                        counters);
        BlockEncoder encoder =
                new BlockEncoder(
                        batches,
                        counters,
                        OwnTrafficMatcher.NONE,
                        LinkType.ETHERNET,
                        PARTITIONS,
                        PacketRules.ALL);
        try (MemoryRing ring = new MemoryRing(new RingGeometry(256 << 10, 8, 10))) {
            Lane lane = new Lane(ring, batches, encoder, counters, Duration.ofSeconds(1));
            ring.receive(frames());
            lane.drain(Duration.ZERO, LIMIT);
            lane.run();
        }
        if (counters.packets(LaneTerm.PUBLISHED) != FRAMES) {
            throw new AssertionError(counters.packets(LaneTerm.PUBLISHED) + " packets");
        }
    }

    /// TCP and UDP both ways, also of a host with itself, with the statuses of a NIC that checks
    /// checksums, of one that does not, of a segmentation super-frame, and of a VLAN; longer than 8
    /// KiB on the wire, and of the same time as the one before, or earlier.
    private static List<SyntheticFrame> frames() {
        int[] statuses = {0, 0x8, 0x80, 0x109, 0x2000_0080, PacketConstants.TP_STATUS_VLAN_VALID};
        List<SyntheticFrame> frames = new ArrayList<>();
        for (int i = 0; i < FRAMES; i++) {
            String ports = i % 3 == 0 ? "1234 0035" : "0035 1234";
            byte[] data = Frames.ethernet("0800", Frames.ipv4(i % 2 == 0 ? 6 : 17, 0, ports));
            if (i % 5 == 0) {
                System.arraycopy(data, 26, data, 30, Integer.BYTES);
            }
            if (i % 7 == 0) {
                data = Arrays.copyOf(data, FULL_FRAME_BYTES);
            }
            int status = statuses[i % statuses.length];
            int originalLength = i % 11 == 0 ? SUPER_FRAME_BYTES : data.length;
            long timestampNs = i % 13 == 0 ? i : i - i % 5;
            frames.add(new SyntheticFrame(data, originalLength, timestampNs, 0, status, 5, 0x8100));
        }
        return frames;
    }

    /// The methods that events of a kind name which happen meanwhile.
    private static Set<String> record(String event, Runnable work) throws IOException {
        Path file = Files.createTempFile("warm-up", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable(event).withoutThreshold();
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
            Set<String> methods = new TreeSet<>();
            for (RecordedEvent recorded : RecordingFile.readAllEvents(file)) {
                RecordedMethod method = recorded.getValue("method");
                String type = method.getType().getName();
                methods.add(type.substring(type.lastIndexOf('.') + 1) + "." + method.getName());
            }
            return methods;
        } finally {
            Files.delete(file);
        }
    }
}
