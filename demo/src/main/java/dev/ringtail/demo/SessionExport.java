package dev.ringtail.demo;

import dev.ringtail.consumer.Main;
import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.schema.SensorReport;

import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/// Writes the packets of a session into a pcapng file by way of `ringtail export`, then reads the
/// file back and counts.
final class SessionExport {
    private final Console console;

    SessionExport(Console console) {
        this.console = console;
    }

    /// Exports everything since the session began.
    ///
    /// @param last the session's final ledger
    /// @return whether the file holds exactly as many packets as Kafka has acknowledged
    /// @throws IOException when the file that was written can't be read
    boolean write(LocalKafka kafka, SensorReport last, Path file) throws IOException {
        CommandLine export = Main.commandLine().setOut(console.out()).setErr(console.err());
        int exitCode =
                export.execute(
                        "export",
                        "--bootstrap-server",
                        kafka.bootstrapServers(),
                        "--sensor",
                        last.getSensorId(),
                        "--from",
                        Instant.ofEpochSecond(0, last.getStartTimeNs()).toString(),
                        "-w",
                        file.toString());
        if (exitCode != 0) {
            return false;
        }
        long exported = countPackets(file);
        long acknowledged = Figures.of(last).acknowledged();
        if (exported != acknowledged) {
            console.say(
                    "%s holds %,d packets, but Kafka has acknowledged %,d"
                            .formatted(file, exported, acknowledged));
            return false;
        }
        console.data(
                "%s: %,d packets, as many as Kafka has acknowledged".formatted(file, exported));
        return true;
    }

    private static long countPackets(Path file) throws IOException {
        try (CaptureFileReader reader = CaptureFileReader.open(file)) {
            long count = 0;
            while (reader.next()) {
                count++;
            }
            return count;
        }
    }
}
