package dev.ringtail.bench.rig;

import dev.ringtail.localkafka.LocalKafka;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// Runs a local Kafka that deletes old segments within a second, from its start on, until its
/// standard input ends. Its first line on standard output is its address.
public final class BrokerProgram {
    private BrokerProgram() {}

    /// @param arguments the folder for its data
    public static void main(String[] arguments) throws IOException {
        Map<String, String> settings =
                Map.of(
                        // Else nothing is deleted for 30 s.
                        "log.initial.task.delay.ms", "500",
                        "log.retention.check.interval.ms", "500",
                        // Also how often Kafka looks for logs to delete: 0 is each millisecond.
                        "log.segment.delete.delay.ms", "200");
        try (LocalKafka kafka = LocalKafka.start(Path.of(arguments[0]), 0, settings)) {
            System.out.println(kafka.bootstrapServers());
            System.out.flush();
            while (System.in.read() >= 0) {
                // Nothing is said to it; the end of the stream is all that counts.
            }
        }
    }
}
