package dev.ringtail.sensor.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ledger.LaneTerm;
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
import java.util.Collections;
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
            Set.of("BlockEncoder", "BatchEncoder", "EncodedBatch", "PacketNumbers", "FrameView");

    private static final String DISCARDED = "discarded ";
    private static final int BATCH_BYTES = 16 << 10;
    private static final int FRAMES = 2_000;
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
        BatchPool pool = new BatchPool(64, BATCH_BYTES, () -> {});
        BatchEncoder batches =
                new BatchEncoder(
                        pool,
                        WireFormat.SINGLE_OBJECT,
                        0,
                        2,
                        BATCH_BYTES,
                        new CaptureDescriptor("", "", 1, "", LinkType.ETHERNET, 262_144),
                        counters);
        BlockEncoder encoder =
                new BlockEncoder(
                        batches,
                        counters,
                        OwnTrafficMatcher.NONE,
                        LinkType.ETHERNET,
                        2,
                        PacketRules.ALL);
        try (MemoryRing ring = new MemoryRing(new RingGeometry(256 << 10, 4, 10))) {
            Lane lane = new Lane(ring, batches, encoder, counters, Duration.ofSeconds(1));
            byte[] frame = Frames.ethernet("0800", Frames.ipv4(17, 0, "1234 0035 0008 0000"));
            ring.receive(Collections.nCopies(FRAMES, SyntheticFrame.of(frame, 1)));
            lane.drain(Duration.ZERO, LIMIT);
            lane.run();
        }
        if (counters.packets(LaneTerm.PUBLISHED) != FRAMES) {
            throw new AssertionError(counters.packets(LaneTerm.PUBLISHED) + " packets");
        }
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
