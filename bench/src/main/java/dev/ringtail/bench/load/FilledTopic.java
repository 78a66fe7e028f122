package dev.ringtail.bench.load;

import dev.ringtail.bench.rig.Broker;
import dev.ringtail.bench.rig.Child;
import dev.ringtail.bench.rig.Home;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Topics that hold the packets of capture files, brought there by `ringtail import`.
///
/// @param prefix of the topics' names
/// @param broker that has them
/// @param packetCount packets in all
/// @param dataBytes bytes of their frames
public record FilledTopic(String prefix, Broker broker, long packetCount, long dataBytes) {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /// Makes the topics and imports files, one session each.
    ///
    /// @param prefix of the topics' names, not used before
    public static FilledTopic fill(
            Home home,
            Broker broker,
            Path workFolder,
            String prefix,
            int partitionCount,
            List<CaptureFile> files)
            throws InterruptedException {
        broker.createUnboundedTopic(prefix + ".packets", partitionCount);
        List<String> command =
                new ArrayList<>(
                        home.ringtail(
                                "import",
                                "--bootstrap-server",
                                broker.bootstrapServers(),
                                "--topic-prefix",
                                prefix));
        files.forEach(file -> command.add(file.path().toString()));
        Child.run(workFolder, LIMIT, command.toArray(String[]::new));
        return new FilledTopic(
                prefix,
                broker,
                files.stream().mapToLong(CaptureFile::packetCount).sum(),
                files.stream().mapToLong(CaptureFile::dataBytes).sum());
    }

    /// The packets topic.
    public String packets() {
        return prefix + ".packets";
    }

    /// Frees the disk that the packets take.
    public void delete() throws InterruptedException {
        broker.deleteTopics(List.of(packets()));
    }
}
