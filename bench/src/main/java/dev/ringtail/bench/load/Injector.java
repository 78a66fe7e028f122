package dev.ringtail.bench.load;

import com.fasterxml.jackson.databind.JsonNode;

import dev.ringtail.bench.rig.CaptureLink;
import dev.ringtail.bench.rig.Child;
import dev.ringtail.bench.rig.Home;
import dev.ringtail.bench.rig.NativeProgram;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The C program `inject`, on processor 0: frames straight into the receive path of
/// [CaptureLink#NAME].
public final class Injector {
    static final String CPU = "0";

    private Injector() {}

    private static NativeProgram program(Home home) {
        return NativeProgram.c(home, "inject");
    }

    /// Why it can't be run here; empty where it can.
    public static Optional<String> missing(Home home) throws InterruptedException {
        return program(home).missing();
    }

    /// Starts to inject.
    ///
    /// @param seconds after which it ends by itself
    public static Injection start(Home home, Path workFolder, LoadSpec load, long seconds)
            throws InterruptedException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--interface",
                                CaptureLink.NAME,
                                "--seconds",
                                Long.toString(seconds),
                                "--bytes",
                                load.size().option(),
                                "--flows",
                                Integer.toString(load.flows()),
                                "--cpu",
                                CPU));
        if (load.isPaced()) {
            arguments.addAll(List.of("--rate", Long.toString(load.rate())));
        }
        return new Injection(
                Child.start(workFolder, program(home).command(arguments)),
                seconds,
                Injector::counted);
    }

    private static Injected counted(Child process) {
        JsonNode json = process.json();
        double seconds = json.required("seconds").asDouble();
        return new Injected(
                json.required("frames").asLong(),
                json.required("bytes").asLong(),
                seconds,
                json.required("cpuNs").asLong() / 1e9 / seconds);
    }
}
