package dev.ringtail.bench.row;

import dev.ringtail.bench.load.CaptureFile;
import dev.ringtail.bench.load.FilledTopic;
import dev.ringtail.bench.load.FrameSize;
import dev.ringtail.bench.load.LoadSpec;
import dev.ringtail.bench.rig.Contender;
import dev.ringtail.bench.rig.Trials;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// From topic to flow records, beside programs that make flows of a capture file: packets for each
/// second of processor time of the whole process, its start included. An analysis goes on for as
/// long as sensors capture, so the topic is long enough for the start not to be most of it.
public final class TopicToFlowsRow implements Row {
    private static final long PACKETS = 40_000_000;
    private static final long PEER_PACKETS = 4_000_000;

    /// tshark takes 20 µs for a packet: it is at work for seconds, its start included.
    private static final long TSHARK_PACKETS = 200_000;

    private static final int QUICK_SHARE = 400;

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
        FilledTopic topic = fill(bench);
        try (CaptureFile ofTshark = file(bench, TSHARK_PACKETS);
                CaptureFile ofPeers = file(bench, PEER_PACKETS)) {
            return measure(bench, topic, ofTshark, ofPeers);
        } finally {
            topic.delete();
        }
    }

    private static FilledTopic fill(Bench bench) throws InterruptedException {
        bench.progress().say("filling a topic");
        try (CaptureFile file = file(bench, PACKETS)) {
            return bench.fillTopic("flows", List.of(file));
        }
    }

    private Result measure(
            Bench bench, FilledTopic topic, CaptureFile ofTshark, CaptureFile ofPeers)
            throws InterruptedException {
        String path = ofPeers.path().toString();
        List<Contender> contenders =
                List.of(
                        new FlowsContender(topic, bench),
                        peer(
                                "tshark",
                                ofTshark,
                                bench,
                                "-q",
                                "-n",
                                "-z",
                                "conv,udp",
                                "-r",
                                ofTshark.path().toString()),
                        peer("softflowd", ofPeers, bench, "-d", "-r", path),
                        peer(
                                "nfpcapd",
                                ofPeers,
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
        long count = bench.quick() ? packets / QUICK_SHARE : packets;
        return CaptureFile.write(
                bench.workFolder().resolve("flows-" + packets + ".pcapng"),
                count,
                FrameSize.SMALL,
                LoadSpec.MANY_FLOWS,
                packets);
    }

    private static Contender peer(
            String program, CaptureFile file, Bench bench, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        return new ReaderContender(
                program,
                command,
                file.packetCount(),
                file.dataBytes(),
                bench.workFolder().resolve("none"),
                Map.of(),
                bench.workFolder());
    }
}
