package dev.ringtail.bench.row;

import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.rig.CaptureProgram;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Metric;
import dev.ringtail.bench.rig.Sample;
import dev.ringtail.bench.rig.Trial;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Searches the throughput of RFC 2544, section 26.1, by halving: first as fast as the injector
/// goes, and where that loses packets, between the highest rate that lost none and the lowest that
/// did. Every trial is a point of the loss curve.
final class LossFreeSearch implements Contender {
    /// Offered packets a second without loss.
    static final Metric LOSS_FREE_RATE =
            new Metric("lossFreePacketsPerSecond", "loss-free packets/s");

    /// Share of the packets that are lost as fast as the injector goes.
    static final Metric LOSS_AT_FULL_RATE = new Metric("lossShareAtFullRate", "loss at full rate");

    /// After these the rate is known to 1/32 of the injector's.
    private static final int STEPS = 5;

    private static final int QUICK_STEPS = 1;

    private final String name;
    private final CaptureProgram program;
    private final LoadSpec load;
    private final Bench bench;
    private final List<Curve.Point> points = new ArrayList<>();

    LossFreeSearch(String name, CaptureProgram program, LoadSpec load, Bench bench) {
        this.name = name;
        this.program = program;
        this.load = load;
        this.bench = bench;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> missing() throws InterruptedException {
        return program.missing();
    }

    @Override
    public Sample measure(Trial trial) throws InterruptedException {
        CaptureContender.Observed full = offer(load, trial);
        double highestWithoutLoss = full.lost() ? 0 : full.offeredPerSecond();
        double lowestWithLoss = full.offeredPerSecond();
        int steps = bench.quick() ? QUICK_STEPS : STEPS;
        for (int step = 0; step < steps && full.lost(); step++) {
            long rate = Math.round((highestWithoutLoss + lowestWithLoss) / 2);
            CaptureContender.Observed paced = offer(load.withRate(rate), trial);
            if (paced.lost()) {
                lowestWithLoss = Math.min(lowestWithLoss, paced.offeredPerSecond());
            } else {
                highestWithoutLoss = Math.max(highestWithoutLoss, paced.offeredPerSecond());
            }
        }
        return new Sample(
                Map.of(LOSS_FREE_RATE, highestWithoutLoss, LOSS_AT_FULL_RATE, full.lossShare()),
                full.cores(),
                full.limitedBy());
    }

    private CaptureContender.Observed offer(LoadSpec offered, Trial trial)
            throws InterruptedException {
        CaptureContender.Observed observed =
                CaptureContender.observe(bench, program, offered, trial);
        points.add(new Curve.Point(observed.offeredPerSecond(), observed.lossShare()));
        bench.progress()
                .say(
                        "%s: %.0f packets/s offered, %.2f %% lost"
                                .formatted(
                                        name,
                                        observed.offeredPerSecond(),
                                        100 * observed.lossShare()));
        return observed;
    }

    /// The points of all searches until now.
    Curve lossCurve() {
        return new Curve(
                name, points.stream().sorted(Comparator.comparingDouble(Curve.Point::x)).toList());
    }
}
