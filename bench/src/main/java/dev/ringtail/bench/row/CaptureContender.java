package dev.ringtail.bench.row;

import dev.ringtail.bench.load.Injector;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.rig.CaptureProgram;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Sample;
import dev.ringtail.bench.rig.Trial;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A capture program under load: one capture is a trial.
///
/// @param shown metrics to keep of all that are measured
record CaptureContender(LoadedCapture capture, List<Metric> shown) implements Contender {
    /// A program under injected load.
    CaptureContender(
            String name, CaptureProgram program, LoadSpec load, Bench bench, List<Metric> shown) {
        this(new LoadedCapture(name, program, Injector::start, load, bench), shown);
    }

    @Override
    public String name() {
        return capture.name();
    }

    @Override
    public Optional<String> missing() throws InterruptedException {
        return capture.program().missing();
    }

    @Override
    public Sample measure(Trial trial) throws InterruptedException {
        LoadedCapture.Observed observed = capture.observe(trial);
        Map<Metric, Double> figures = new HashMap<>(observed.figures());
        figures.keySet().retainAll(shown);
        return new Sample(figures, observed.cores(), observed.limitedBy());
    }
}
