package dev.ringtail.bench.peer;

import dev.ringtail.bench.rig.CaptureLink;
import dev.ringtail.bench.rig.CaptureProgram;
import dev.ringtail.bench.rig.Child;
import dev.ringtail.bench.rig.Home;
import dev.ringtail.bench.rig.Limit;
import dev.ringtail.bench.rig.NativeProgram;
import dev.ringtail.bench.rig.RunningCapture;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The C program `ring-count`: a TPACKET_V3 reader that only counts, the least that a reader can
/// do.
public final class RingCount implements CaptureProgram {
    private static final String BLOCK_BYTES = Integer.toString(1 << 20);

    private final NativeProgram program;
    private final int ringMebibytes;

    /// @param ringMebibytes size of the ring
    public RingCount(Home home, int ringMebibytes) {
        this.program = NativeProgram.c(home, "ring-count");
        this.ringMebibytes = ringMebibytes;
    }

    @Override
    public String name() {
        return "ring-count (C)";
    }

    @Override
    public Optional<String> missing() throws InterruptedException {
        return program.missing();
    }

    @Override
    public RunningCapture start(Path workFolder) throws InterruptedException {
        List<String> arguments =
                List.of(
                        "--interface",
                        CaptureLink.NAME,
                        "--seconds",
                        CountingProgram.LONGEST_SECONDS,
                        "--block-bytes",
                        BLOCK_BYTES,
                        "--blocks",
                        Integer.toString(ringMebibytes));
        Child process = CountingProgram.start(workFolder, program.command(arguments));
        LongSupplier cpuNs = CountingProgram.allThreads(process);
        return new CountingProgram(
                process, "packets", "drops", cpuNs, Map.of(Limit.READER, cpuNs));
    }
}
