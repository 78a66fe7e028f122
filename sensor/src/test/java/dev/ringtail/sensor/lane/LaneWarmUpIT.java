package dev.ringtail.sensor.lane;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// That the warm-up has the JIT compile what a lane does with every packet, in a JVM of its own, as
/// in this one other tests may have done it already.
class LaneWarmUpIT { // R7
    /// What runs for every packet: found compiled on its own, or its caller has it inlined.
    private static final List<String> FOR_EVERY_PACKET =
            List.of("BlockEncoder.encodePacket", "BatchEncoder.append", "FrameParser.parse");

    @Test
    void compilesTheInnerLoopBeforeItReturns() {
        List<String> compiled =
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

        assertThat(compiled).containsAll(FOR_EVERY_PACKET);
    }

    /// Runs the warm-up and prints the methods that were compiled meanwhile.
    public static void main(String[] arguments) throws IOException {
        Path file = Files.createTempFile("warm-up", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.Compilation").withoutThreshold();
            recording.start();
            LaneWarmUp.run(Duration.ofMillis(700), OwnTrafficMatcher.NONE, PacketRules.ALL);
            recording.stop();
            recording.dump(file);
            Set<String> methods = new TreeSet<>();
            for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
                RecordedMethod method = event.getValue("method");
                String type = method.getType().getName();
                methods.add(type.substring(type.lastIndexOf('.') + 1) + "." + method.getName());
            }
            methods.forEach(System.out::println);
        } finally {
            Files.delete(file);
        }
    }
}
