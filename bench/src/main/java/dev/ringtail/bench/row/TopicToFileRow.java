package dev.ringtail.bench.row;

import dev.ringtail.bench.load.CaptureFile;
import dev.ringtail.bench.load.FilledTopic;
import dev.ringtail.bench.load.FrameSize;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.peer.ConsumerProgram;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Home;
import dev.ringtail.bench.rig.Limit;
import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Trials;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// From topic to pcapng, beside a consumer that drains the same topic with the same settings and
/// JVM flags and writes nothing; it has no AOT cache to start from, which the export has where the
/// launcher built it. Both are timed from the start of their JVM to its end.
public final class TopicToFileRow implements Row {
    private static final long DATA_BYTES = 3_000_000_000L;
    private static final long SMALL_DATA_BYTES = 2_400_000_000L;
    private static final long QUICK_DATA_BYTES = 5_000_000L;

    @Override
    public String name() {
        return "topic-pcapng";
    }

    @Override
    public String title() {
        return "topic → pcapng, against a bare consumer that drains the same topic";
    }

    @Override
    public Result measure(Bench bench) throws InterruptedException {
        List<Contender> contenders = new ArrayList<>();
        List<FilledTopic> topics = new ArrayList<>();
        try {
            for (FrameSize size : List.of(FrameSize.SMALL, FrameSize.LARGE)) {
                FilledTopic topic = fill(bench, size);
                topics.add(topic);
                contenders.add(export(bench, topic, size));
                contenders.add(bareConsumer(bench, topic, size));
            }
            Trials trials = bench.repetitions().run(name(), bench.trialOf(1), contenders);
            return Result.of(
                    trials,
                    List.of(claim(trials, FrameSize.SMALL), claim(trials, FrameSize.LARGE)));
        } finally {
            for (FilledTopic topic : topics) {
                topic.delete();
            }
        }
    }

    private static FilledTopic fill(Bench bench, FrameSize size) throws InterruptedException {
        long bytes = size == FrameSize.SMALL ? SMALL_DATA_BYTES : DATA_BYTES;
        bench.progress().say("filling a topic with frames of " + size);
        try (CaptureFile file =
                CaptureFile.write(
                        bench.workFolder().resolve("topic-" + size.option() + ".pcapng"),
                        Math.round((bench.quick() ? QUICK_DATA_BYTES : bytes) / size.meanBytes()),
                        size,
                        LoadSpec.MANY_FLOWS,
                        1)) {
            return bench.fillTopic("bench" + size.option(), List.of(file));
        }
    }

    private static Contender export(Bench bench, FilledTopic topic, FrameSize size) {
        Path output = bench.workFolder().resolve("export-" + size.option() + ".pcapng");
        return ReaderContender.ofTopic(
                exportName(size), topic, output, bench, List.of("export", "-w", output.toString()));
    }

    private static Contender bareConsumer(Bench bench, FilledTopic topic, FrameSize size)
            throws InterruptedException {
        return new ReaderContender(
                bareName(size),
                Home.java(
                        Home.READER_JVM,
                        ConsumerProgram.class,
                        bench.broker().bootstrapServers(),
                        topic.packets()),
                topic.packetCount(),
                topic.dataBytes(),
                bench.workFolder().resolve("none"),
                Map.of(Limit.BROKER, bench.broker()::cpuNs),
                bench.workFolder());
    }

    private static String exportName(FrameSize size) {
        return "ringtail export " + size;
    }

    private static String bareName(FrameSize size) {
        return "bare consumer " + size;
    }

    private static Claim claim(Trials trials, FrameSize size) {
        return new Claim(
                "export ÷ bare consumer, bytes/s, " + size,
                trials.ratio(exportName(size), bareName(size), Metric.BYTES_PER_SECOND)
                        .orElse(null),
                Target.atLeast(0.7),
                Target.atLeast(0.9));
    }
}
