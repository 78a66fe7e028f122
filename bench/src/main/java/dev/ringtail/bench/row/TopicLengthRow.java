package dev.ringtail.bench.row;

import dev.ringtail.bench.load.CaptureFile;
import dev.ringtail.bench.load.FilledTopic;
import dev.ringtail.bench.load.FrameSize;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.rig.LinearFit;
import dev.ringtail.bench.rig.Sample;
import dev.ringtail.bench.rig.Spread;
import dev.ringtail.bench.rig.Trials;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// What a reader takes as the topic grows: a straight line through the times, what the last step
/// took beside it, and where it leads.
public final class TopicLengthRow implements Row {
    private static final List<Integer> MEGABYTES = List.of(125, 250, 500, 1_000);
    private static final List<Integer> QUICK_MEGABYTES = List.of(2, 4);
    private static final double BYTES_PER_MEGABYTE = 1e6;
    private static final double MEGABYTES_PER_GIGABYTE = 1_000;
    private static final int FAR_GIGABYTES = 100;

    /// The slope of the last step against that of the line through the points before it.
    private static final double STEP_TOLERANCE = 1.25;

    @Override
    public String name() {
        return "scale-topic";
    }

    @Override
    public String title() {
        return "as the topic grows: export and verify, mix";
    }

    @Override
    public Result measure(Bench bench) throws InterruptedException {
        SortedMap<Integer, FilledTopic> topics = new TreeMap<>();
        try {
            for (int megabytes : bench.quick() ? QUICK_MEGABYTES : MEGABYTES) {
                topics.put(megabytes, fill(megabytes, bench));
            }
            TopicScaling scaling = new TopicScaling("MB", topics);
            Trials trials = scaling.run(name(), bench);
            return Result.of(
                    trials,
                    scaling.readers().stream()
                            .flatMap(reader -> claims(trials, reader).stream())
                            .toList());
        } finally {
            for (FilledTopic topic : topics.values()) {
                topic.delete();
            }
        }
    }

    private static FilledTopic fill(int megabytes, Bench bench) throws InterruptedException {
        bench.progress().say("filling a topic with " + megabytes + " MB");
        try (CaptureFile file =
                CaptureFile.write(
                        bench.workFolder().resolve("topic-" + megabytes + ".pcapng"),
                        Math.round(megabytes * BYTES_PER_MEGABYTE / FrameSize.MIX.meanBytes()),
                        FrameSize.MIX,
                        LoadSpec.MANY_FLOWS,
                        megabytes)) {
            return bench.fillTopic("length" + megabytes, List.of(file));
        }
    }

    /// A line for each repetition, since trials of one ran next to each other in time. What is read
    /// was just written, so it comes from the page cache.
    private static List<Claim> claims(Trials trials, Scaling reader) {
        List<LinearFit> fits = new ArrayList<>();
        List<Double> lastSteps = new ArrayList<>();
        for (int i = 0; i < trials.repetitions(); i++) {
            List<LinearFit.Point> points = points(trials, reader, i);
            if (points.size() == reader.sizes().size()) {
                fits.add(LinearFit.of(points));
                LinearFit.lastStepOverLine(points).ifPresent(lastSteps::add);
            }
        }
        String subject = reader.subject() + " from the page cache";
        return List.of(
                claim(subject + ", seconds for each further GB (slope)", fits, LinearFit::slope),
                claim(subject + ", R² of the line", fits, LinearFit::r2),
                new Claim(
                        subject + ", slope of the last step ÷ before it, no worse than linear",
                        spread(lastSteps),
                        Target.atMost(STEP_TOLERANCE),
                        null),
                claim(
                        "%s, seconds of %d GB, by extrapolation".formatted(subject, FAR_GIGABYTES),
                        fits,
                        fit -> fit.at(FAR_GIGABYTES)));
    }

    private static List<LinearFit.Point> points(Trials trials, Scaling reader, int repetition) {
        List<LinearFit.Point> points = new ArrayList<>();
        for (int megabytes : reader.sizes()) {
            List<Sample> samples = trials.samples(reader.contender(megabytes));
            if (repetition < samples.size()) {
                Double seconds = samples.get(repetition).figures().get(ReaderContender.SECONDS);
                if (seconds != null) {
                    points.add(new LinearFit.Point(megabytes / MEGABYTES_PER_GIGABYTE, seconds));
                }
            }
        }
        return points;
    }

    private static Claim claim(
            String text, List<LinearFit> fits, ToDoubleFunction<LinearFit> figure) {
        return new Claim(
                text, spread(fits.stream().mapToDouble(figure).boxed().toList()), null, null);
    }

    private static @Nullable Spread spread(List<Double> values) {
        return values.isEmpty() ? null : Spread.of(values);
    }
}
