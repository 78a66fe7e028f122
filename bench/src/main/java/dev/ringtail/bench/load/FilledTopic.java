package dev.ringtail.bench.load;

import dev.ringtail.bench.rig.BenchException;
import dev.ringtail.bench.rig.Broker;
import dev.ringtail.bench.rig.Child;
import dev.ringtail.bench.rig.Home;
import dev.ringtail.schema.Topics;

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
        FilledTopic topic =
                new FilledTopic(
                        prefix,
                        broker,
                        files.stream().mapToLong(CaptureFile::packetCount).sum(),
                        files.stream().mapToLong(CaptureFile::dataBytes).sum());
        broker.createUnboundedTopic(topic.packets(), partitionCount);
        List<String> command =
                new ArrayList<>(
                        home.ringtail(
                                "import",
                                "--bootstrap-server",
                                broker.bootstrapServers(),
                                "--topic-prefix",
                                prefix));
        files.forEach(file -> command.add(file.path().toString()));
        try {
            Child.run(workFolder, LIMIT, command.toArray(String[]::new));
            return topic;
        } catch (BenchException | InterruptedException e) {
            topic.delete();
            throw e;
        }
    }

    /// The packets topic.
    public String packets() {
        return Topics.withPrefix(prefix).packets();
    }

    /// Deletes all topics of the prefix.
    public void delete() throws InterruptedException {
        broker.deleteTopicsOf(prefix);
    }
}
