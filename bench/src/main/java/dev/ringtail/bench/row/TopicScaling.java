package dev.ringtail.bench.row;

import dev.ringtail.bench.load.FilledTopic;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Trials;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/// `ringtail export` and `ringtail verify` over topics of which each has more of something than the
/// one before.
final class TopicScaling {
    private static final String COST = "CPU per packet, JVM's start included";

    private final Scaling export;
    private final Scaling verify;
    private final SortedMap<Integer, FilledTopic> topics;

    /// @param quantity what grows from topic to topic
    /// @param topics by how much of it they have
    TopicScaling(String quantity, SortedMap<Integer, FilledTopic> topics) {
        List<Integer> sizes = List.copyOf(topics.keySet());
        this.export = new Scaling("export", COST, quantity, sizes);
        this.verify = new Scaling("verify", COST, quantity, sizes);
        this.topics = topics;
    }

    /// The readers as subjects.
    List<Scaling> readers() {
        return List.of(export, verify);
    }

    /// Measures all.
    ///
    /// @param row name, for the progress
    /// @param options of the export, beside topic and output
    Trials run(String row, Bench bench, String... options) throws InterruptedException {
        Path output = bench.workFolder().resolve(row + ".pcapng");
        List<String> exportCommand = new ArrayList<>(List.of("export", "-w", output.toString()));
        exportCommand.addAll(List.of(options));
        List<Contender> contenders = new ArrayList<>();
        topics.forEach(
                (size, topic) -> {
                    contenders.add(
                            ReaderContender.ofTopic(
                                    export.contender(size), topic, output, bench, exportCommand));
                    contenders.add(
                            ReaderContender.ofTopic(
                                    verify.contender(size),
                                    topic,
                                    output,
                                    bench,
                                    List.of("verify")));
                });
        return bench.repetitions().run(row, bench.trialOf(1), contenders);
    }

    /// The claims of both readers.
    List<Claim> claims(Trials trials, double tolerance) {
        return readers().stream().flatMap(r -> r.claims(trials, tolerance).stream()).toList();
    }
}
