package dev.ringtail.bench.row;

import dev.ringtail.bench.load.CaptureFile;
import dev.ringtail.bench.load.FrameSize;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Trials;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// From topic to flow records, beside programs that make flows of a capture file: packets for each
/// second of processor time of the whole process, its start included.
public final class TopicToFlowsRow implements Row {
    private static final long PACKETS = 10_000_000;
    private static final long QUICK_PACKETS = 100_000;

    /// tshark takes 20 µs for a packet.
    private static final long PEER_PACKETS = 200_000;

    @Override
    public String name() {
        return "topic-flows";
    }

    @Override
    public String title() {
        return "topic → flows, packets a second and core, 60 B, 10 000 flows";
    }

    @Override
    public Result measure(Bench bench) throws InterruptedException {
        try (CaptureFile file = file(bench, bench.quick() ? QUICK_PACKETS : PACKETS);
                CaptureFile ofPeers =
                        file(bench, bench.quick() ? QUICK_PACKETS / 10 : PEER_PACKETS)) {
            return measure(bench, file, ofPeers);
        }
    }

    private Result measure(Bench bench, CaptureFile file, CaptureFile ofPeers)
            throws InterruptedException {
        String path = ofPeers.path().toString();
        Path none = bench.workFolder().resolve("none");
        List<Contender> contenders =
                List.of(
                        new FlowsContender(file, bench),
                        peer(
                                "tshark",
                                ofPeers,
                                none,
                                bench,
                                "-q",
                                "-n",
                                "-z",
                                "conv,udp",
                                "-r",
                                path),
                        peer("softflowd", ofPeers, none, bench, "-d", "-r", path),
                        peer(
                                "nfpcapd",
                                ofPeers,
                                none,
                                bench,
                                "-r",
                                path,
                                "-w",
                                bench.workFolder().toString()));
        Trials trials = bench.repetitions().run(name(), bench.trialOf(1), contenders);
        return Result.of(
                trials,
                List.of(
                        new Claim(
                                "flows, packets a second and core",
                                trials.spread(
                                                FlowsContender.NAME,
                                                ReaderContender.PACKETS_PER_CPU_SECOND)
                                        .orElse(null),
                                Target.atLeast(1e6),
                                Target.atLeast(2e6))));
    }

    private static CaptureFile file(Bench bench, long packets) {
        return CaptureFile.write(
                bench.workFolder().resolve("flows-" + packets + ".pcapng"),
                packets,
                FrameSize.SMALL,
                LoadSpec.MANY_FLOWS,
                packets);
    }

    private static Contender peer(
            String program, CaptureFile file, Path none, Bench bench, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        return new ReaderContender(
                program,
                command,
                file.packetCount(),
                file.dataBytes(),
                none,
                Map.of(),
                bench.workFolder());
    }
}
