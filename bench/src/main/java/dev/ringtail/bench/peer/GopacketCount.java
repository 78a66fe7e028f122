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

/// The Go program `gopacket-count`: gopacket's reader of TPACKET_V3 rings, which copies each
/// packet.
public final class GopacketCount implements CaptureProgram {
    private final NativeProgram program;

    /// A reader that is compiled by the machine's Go.
    public GopacketCount(Home home) {
        this.program = NativeProgram.go(home, "gopacket-count");
    }

    @Override
    public String name() {
        return "gopacket";
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
                        "--copy");
        Child process = CountingProgram.start(workFolder, program.command(arguments));
        LongSupplier cpuNs = CountingProgram.allThreads(process);
        return new CountingProgram(process, "packets", "drops", cpuNs, Map.of(Limit.READER, cpuNs));
    }
}
