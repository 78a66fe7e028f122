package dev.ringtail.bench.peer;

import dev.ringtail.bench.rig.CaptureLink;
import dev.ringtail.bench.rig.CaptureProgram;
import dev.ringtail.bench.rig.Child;
import dev.ringtail.bench.rig.Home;
import dev.ringtail.bench.rig.Limit;
import dev.ringtail.bench.rig.NativeProgram;
import dev.ringtail.bench.rig.RunningCapture;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/// The C program `ring-count`: a TPACKET_V3 reader that only counts, the least that a reader can
/// do; or that also copies each packet, the least that one can do which keeps packets.
public final class RingCount implements CaptureProgram {
    private static final String BLOCK_BYTES = Integer.toString(1 << 20);

    private final NativeProgram program;
    private final int ringMebibytes;
    private final boolean copying;
    private final OptionalInt cpu;

    private RingCount(Home home, int ringMebibytes, boolean copying) {
        this(NativeProgram.c(home, "ring-count"), ringMebibytes, copying, OptionalInt.empty());
    }

    private RingCount(NativeProgram program, int ringMebibytes, boolean copying, OptionalInt cpu) {
        this.program = program;
        this.ringMebibytes = ringMebibytes;
        this.copying = copying;
        this.cpu = cpu;
    }

    /// One that only counts.
    ///
    /// @param ringMebibytes size of the ring
    public static RingCount countOnly(Home home, int ringMebibytes) {
        return new RingCount(home, ringMebibytes, false);
    }

    /// One that also copies.
    ///
    /// @param ringMebibytes size of the ring
    public static RingCount copying(Home home, int ringMebibytes) {
        return new RingCount(home, ringMebibytes, true);
    }

    /// The same, pinned.
    ///
    /// @param number of the processor that it is to run on
    public RingCount pinnedTo(int number) {
        return new RingCount(program, ringMebibytes, copying, OptionalInt.of(number));
    }

    @Override
    public String name() {
        return copying ? "C ring, copying" : "C ring, count only";
    }

    @Override
    public Optional<String> missing() throws InterruptedException {
        return program.missing();
    }

    @Override
    public RunningCapture start(Path workFolder) throws InterruptedException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--interface",
                                CaptureLink.NAME,
                                "--seconds",
                                CountingProgram.LONGEST_SECONDS,
                                "--block-bytes",
                                BLOCK_BYTES,
                                "--blocks",
                                Integer.toString(ringMebibytes)));
        if (copying) {
            arguments.add("--copy");
        }
        cpu.ifPresent(number -> arguments.addAll(List.of("--cpu", Integer.toString(number))));
        Child process = CountingProgram.start(workFolder, program.command(arguments));
        LongSupplier cpuNs = CountingProgram.allThreads(process);
        return new CountingProgram(process, "packets", "drops", cpuNs, Map.of(Limit.READER, cpuNs));
    }
}
