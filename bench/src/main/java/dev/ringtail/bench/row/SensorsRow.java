package dev.ringtail.bench.row;

import dev.ringtail.bench.load.CaptureFile;
import dev.ringtail.bench.load.FilledTopic;
import dev.ringtail.bench.load.FrameSize;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.rig.Trials;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a packet costs readers as sensors grow: the same count of packets, of ever more sessions
/// that captured at the same time. Each is an imported file; to merge and audit it is what a sensor
/// is, with a lane, numbers and a ledger of its own.
public final class SensorsRow implements Row {
    private static final List<Integer> SENSORS = List.of(1, 10, 100, 1_000);

    /// So many that a reader takes several times as long as its JVM to start, which is in what a
    /// packet costs it.
    private static final long PACKETS = 4_000_000;

    private static final long QUICK_PACKETS = 10_000;

    /// Of a thousand sensors a batch has a hundredth of the packets that it has of ten, and what is
    /// to be done for each batch is shared by as few.
    private static final double TOLERANCE = 3;

    /// Files of one time, imported one after the other, are not in the topic in the order of time,
    /// so that an export takes two passes; an end makes it take them for one file too.
    private static final String[] TWO_PASSES = {"--to", "2100-01-01T00:00:00Z"};

    @Override
    public String name() {
        return "scale-sensors";
    }

    @Override
    public String title() {
        return "as sensors grow: export and verify of the same packets, 60 B, of 1 to 1 000"
                + " sessions";
    }

    @Override
    public Result measure(Bench bench) throws InterruptedException {
        SortedMap<Integer, FilledTopic> topics = new TreeMap<>();
        try {
            for (int sensors : bench.steps(SENSORS)) {
                topics.put(sensors, fill(sensors, bench));
            }
            TopicScaling scaling = new TopicScaling("sensors", topics);
            Trials trials = scaling.run(name(), bench, TWO_PASSES);
            return Result.of(trials, scaling.claims(trials, TOLERANCE));
        } finally {
            for (FilledTopic topic : topics.values()) {
                topic.delete();
            }
        }
    }

    private static FilledTopic fill(int sensors, Bench bench) throws InterruptedException {
        bench.progress().say("filling a topic with packets of " + sensors + " sensors");
        List<CaptureFile> files = new ArrayList<>();
        try {
            for (int i = 0; i < sensors; i++) {
                files.add(
                        CaptureFile.write(
                                bench.workFolder().resolve("sensor-" + i + ".pcapng"),
                                (bench.quick() ? QUICK_PACKETS : PACKETS) / sensors,
                                FrameSize.SMALL,
                                LoadSpec.MANY_FLOWS,
                                i));
            }
            return bench.fillTopic("sensors" + sensors, files);
        } finally {
            files.forEach(CaptureFile::close);
        }
    }
}
