package dev.ringtail.bench.rig;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// What bounded a rate, judged by who kept the processors busy.
public final class Limit {
    /// What makes the load, and with it the kernel's receive path, which runs in its time.
    public static final String INJECTOR = "injector";

    /// What takes packets out of the ring.
    public static final String READER = "reader";

    /// What makes and sends records.
    public static final String PRODUCER = "producer";

    /// What takes records.
    public static final String BROKER = "broker";

    /// The rate that was asked for.
    public static final String PACE = "pace";

    /// All of them are busy, and the injector has to share its own.
    private static final String PROCESSORS = "processors";

    private static final String DISK = "disk";

    /// So much of a processor is all of it: the rest goes to the scheduler and to the measuring.
    private static final double WHOLE = 0.9;

    private static final double IDLE_ENOUGH_TO_WORK = 0.2;

    private Limit() {}

    /// Judges a trial without a paced rate.
    ///
    /// @param cores what [CpuMeter] measured
    /// @param lost whether packets were dropped
    public static String of(Map<String, Double> cores, boolean lost) {
        if (!lost) {
            return share(cores, INJECTOR) < WHOLE
                            && share(cores, CpuMeter.IDLE) < IDLE_ENOUGH_TO_WORK
                    ? PROCESSORS
                    : INJECTOR;
        }
        if (share(cores, READER) >= WHOLE) {
            return READER;
        }
        if (share(cores, PRODUCER) >= WHOLE) {
            return PRODUCER;
        }
        if (share(cores, CpuMeter.IOWAIT) >= IDLE_ENOUGH_TO_WORK) {
            return DISK;
        }
        if (share(cores, CpuMeter.SOFTIRQ) >= WHOLE) {
            return CpuMeter.SOFTIRQ;
        }
        if (share(cores, CpuMeter.IDLE) >= IDLE_ENOUGH_TO_WORK) {
            // Somebody waits although there is a processor to work on.
            return cores.containsKey(BROKER) ? BROKER : READER;
        }
        return List.of(READER, PRODUCER, BROKER).stream()
                .filter(cores::containsKey)
                .max(Comparator.comparingDouble(name -> share(cores, name)))
                .orElse(INJECTOR);
    }

    private static double share(Map<String, Double> cores, String name) {
        return cores.getOrDefault(name, 0.0);
    }
}
