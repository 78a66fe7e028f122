package dev.ringtail.bench.row;

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
///
/// A ring holds more than a short trial's surplus, so a trial counts as one without loss only if
/// the program also had worked off what it was given soon after the load's end.
final class LossFreeSearch implements Contender {
    /// Offered packets a second without loss.
    static final Metric LOSS_FREE_RATE =
            new Metric("lossFreePacketsPerSecond", "loss-free packets/s");

    /// Share of the packets that are lost as fast as the injector goes.
    static final Metric LOSS_AT_FULL_RATE = new Metric("lossShareAtFullRate", "loss at full rate");

    /// After these the rate is known to 1/16 of the injector's.
    private static final int STEPS = 4;

    private static final int QUICK_STEPS = 1;

    /// More than the age at which batches are closed, and less than rings hold.
    private static final double MAX_BACKLOG_SECONDS = 0.5;

    private final LoadedCapture capture;
    private final List<Curve.Point> points = new ArrayList<>();

    /// @param capture under the load whose rate is searched
    LossFreeSearch(LoadedCapture capture) {
        this.capture = capture;
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
        LoadedCapture.Observed full = offer(capture, trial);
        boolean searching = !keptUp(full);
        double highestWithoutLoss = searching ? 0 : full.offeredPerSecond();
        double lowestWithLoss = full.offeredPerSecond();
        int steps = capture.bench().quick() ? QUICK_STEPS : STEPS;
        for (int step = 0; step < steps && searching; step++) {
            long rate = Math.round((highestWithoutLoss + lowestWithLoss) / 2);
            LoadedCapture.Observed paced = offer(capture.withRate(rate), trial);
            if (keptUp(paced)) {
                highestWithoutLoss = Math.max(highestWithoutLoss, paced.offeredPerSecond());
            } else {
                lowestWithLoss = Math.min(lowestWithLoss, paced.offeredPerSecond());
            }
        }
        return new Sample(
                Map.of(LOSS_FREE_RATE, highestWithoutLoss, LOSS_AT_FULL_RATE, full.lossShare()),
                full.cores(),
                full.limitedBy());
    }

    private static boolean keptUp(LoadedCapture.Observed observed) {
        return !observed.lost() && observed.backlogSeconds() <= MAX_BACKLOG_SECONDS;
    }

    private LoadedCapture.Observed offer(LoadedCapture offered, Trial trial)
            throws InterruptedException {
        LoadedCapture.Observed observed = offered.observe(trial);
        points.add(new Curve.Point(observed.offeredPerSecond(), observed.lossShare()));
        offered.bench()
                .progress()
                .say(
                        "%s: %.0f packets/s offered, %.2f %% lost, %.1f s late"
                                .formatted(
                                        name(),
                                        observed.offeredPerSecond(),
                                        100 * observed.lossShare(),
                                        observed.backlogSeconds()));
        return observed;
    }

    /// The points of all searches until now.
    Curve lossCurve() {
        return new Curve(
                name(),
                points.stream().sorted(Comparator.comparingDouble(Curve.Point::x)).toList());
    }
}
