package dev.ringtail.bench.micro;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

import java.util.Collection;

/// Runs the benchmarks of this package under JMH, which prints its own tables: operations and
/// packets a second, and by its `gc` profiler the bytes allocated for each (`gc.alloc.rate.norm`).
public final class MicroBenchmarks {
    private MicroBenchmarks() {}

    /// Runs benchmarks.
    ///
    /// @param names parts of their names; all where there are none
    /// @param quick one short iteration each, for function alone
    /// @return whether there was any of these names
    /// @throws RunnerException if one fails
    public static boolean run(Collection<String> names, boolean quick) throws RunnerException {
        String all = MicroBenchmarks.class.getPackageName();
        ChainedOptionsBuilder options = new OptionsBuilder().addProfiler(GCProfiler.class);
        if (names.isEmpty()) {
            options.include(all);
        }
        names.forEach(name -> options.include(all + ".*" + name));
        if (quick) {
            options.warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(100));
        }
        return !new Runner(options.build()).run().isEmpty();
    }
}
