package dev.ringtail.bench;

import dev.ringtail.bench.rig.Home;

import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

import java.util.List;
import java.util.stream.Stream;

/// The JMH benchmarks of the hot path's parts: operations and packets a second, and, by JMH's `gc`
/// profiler, the bytes allocated for each operation (`gc.alloc.rate.norm`). All are run alike: one
/// fork with the sensor's flags, three warm-ups and five measurements of two seconds.
final class MicroBenchmarks {
    private static final String ALL = "micro";

    private MicroBenchmarks() {}

    /// Runs benchmarks.
    ///
    /// @param names `micro` for all, or parts of their names
    /// @param rows what else could have been asked for, for the error
    /// @param quick one short iteration of each
    /// @return the exit code
    static int run(CommandSpec spec, List<String> names, List<String> rows, boolean quick) {
        ChainedOptionsBuilder options =
                new OptionsBuilder()
                        .mode(Mode.Throughput)
                        .forks(1)
                        .jvmArgsAppend(
                                Stream.concat(
                                                Home.SENSOR_JVM.stream(),
                                                Stream.of("--enable-native-access=ALL-UNNAMED"))
                                        .toArray(String[]::new))
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(2))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.seconds(2))
                        .addProfiler(GCProfiler.class);
        for (String name : names) {
            options.include(name.equals(ALL) ? Main.class.getPackageName() : name);
        }
        if (quick) {
            options.warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(100));
        }
        try {
            return new Runner(options.build()).run().isEmpty() ? 1 : 0;
        } catch (NoBenchmarksException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--only %s: neither a row (%s) nor %s nor a benchmark"
                            .formatted(String.join(", ", names), String.join(", ", rows), ALL),
                    e);
        } catch (RunnerException e) {
            spec.commandLine().getErr().println("ringtail bench: " + e.getMessage());
            return 1;
        }
    }
}
