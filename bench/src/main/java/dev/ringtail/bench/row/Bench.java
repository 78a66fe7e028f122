package dev.ringtail.bench.row;

import dev.ringtail.bench.load.CaptureFile;
import dev.ringtail.bench.load.FilledTopic;
import dev.ringtail.bench.load.FrameSize;
import dev.ringtail.bench.load.Injector;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.ours.SensorToKafka;
import dev.ringtail.bench.rig.Broker;
import dev.ringtail.bench.rig.Home;
import dev.ringtail.bench.rig.Progress;
import dev.ringtail.bench.rig.Repetitions;
import dev.ringtail.bench.rig.Trial;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The run that rows are measured in, one after the other, on one thread.
public final class Bench implements AutoCloseable {
    /// How long a trial takes at most where function alone matters.
    public static final Duration QUICK_TRIAL = Duration.ofSeconds(1);

    private static final Duration BROKER_WARM_UP = Duration.ofSeconds(18);

    private final Home home;
    private final Repetitions repetitions;
    private final boolean quick;
    private final Path workFolder;
    private final Progress progress;
    private @Nullable Broker broker;
    private boolean warm;

    /// @param repetitions how often, in turn
    /// @param quick whether it is for function alone: trials of [#QUICK_TRIAL] at most
    /// @param workFolder on disk, the run's own
    /// @param progress where to tell how far it is
    public Bench(
            Home home, Repetitions repetitions, boolean quick, Path workFolder, Progress progress) {
        this.home = home;
        this.repetitions = repetitions;
        this.quick = quick;
        this.workFolder = workFolder;
        this.progress = progress;
    }

    /// The checkout.
    public Home home() {
        return home;
    }

    /// Runs contenders in turn.
    public Repetitions repetitions() {
        return repetitions;
    }

    /// Whether the run is for function alone.
    public boolean quick() {
        return quick;
    }

    /// For files of programs that run; removed at the end of the run.
    public Path workFolder() {
        return workFolder;
    }

    /// Where to tell how far the run is.
    public Progress progress() {
        return progress;
    }

    /// How long a trial takes that should take so many seconds.
    public Duration trialOf(int seconds) {
        return quick ? QUICK_TRIAL : Duration.ofSeconds(seconds);
    }

    /// Frame sizes of rows that have several: the smallest and the largest, of which one is enough
    /// for function.
    List<FrameSize> sizes() {
        return quick ? List.of(FrameSize.SMALL) : List.of(FrameSize.SMALL, FrameSize.LARGE);
    }

    /// Steps of a row that goes from little to much, of which two are enough for function.
    <T> List<T> steps(List<T> all) {
        return quick ? all.subList(0, 2) : all;
    }

    /// A topic of [Broker#PARTITIONS] that holds what files hold, a session each.
    ///
    /// @param prefix of its name, not used before
    FilledTopic fillTopic(String prefix, List<CaptureFile> files) throws InterruptedException {
        return FilledTopic.fill(home, broker(), workFolder, prefix, Broker.PARTITIONS, files);
    }

    /// The run's Kafka, started by the first who asks.
    ///
    /// @throws dev.ringtail.bench.rig.BenchException if it does not start
    public Broker broker() throws InterruptedException {
        Broker running = broker;
        if (running == null) {
            progress.say("starting Kafka");
            running = Broker.start(workFolder);
            broker = running;
        }
        if (!warm && !quick) {
            warmUp(running);
            warm = true;
        }
        return running;
    }

    /// Has sensors send full and small frames to a Kafka that has just begun. One that sensors send
    /// to has been up for long; until then HotSpot's compilers take up to a processor, of which
    /// whoever is measured first would be short.
    private void warmUp(Broker running) throws InterruptedException {
        progress.say("warming Kafka up");
        for (FrameSize size : List.of(FrameSize.LARGE, FrameSize.SMALL)) {
            new LoadedCapture(
                            "warm-up",
                            new SensorToKafka(home, running),
                            Injector::start,
                            LoadSpec.unpaced(size, LoadSpec.MANY_FLOWS),
                            this)
                    .observe(new Trial(0, BROKER_WARM_UP));
        }
    }

    /// Ends what the rows shared.
    @Override
    public void close() {
        if (broker != null) {
            broker.close();
        }
    }
}
