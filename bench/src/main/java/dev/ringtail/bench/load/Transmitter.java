package dev.ringtail.bench.load;

import dev.ringtail.bench.rig.CaptureLink;
import dev.ringtail.bench.rig.Child;
import dev.ringtail.bench.rig.Home;
import dev.ringtail.bench.rig.ProcessUsage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `ringtail replay` on processor 0: the frames of a capture file, again and again, evenly paced
/// into a transmit ring of [CaptureLink#FAR_END]. They take the way of any veth into the receive
/// path, without XDP.
///
/// @param file whose frames they are
public record Transmitter(CaptureFile file) implements LoadSource {
    private static final Pattern SENT =
            Pattern.compile("^sent +([0-9,]+) +([0-9,]+)$", Pattern.MULTILINE);

    private static final Pattern SECONDS = Pattern.compile("^([0-9.]+) s", Pattern.MULTILINE);

    @Override
    public Injection start(Home home, Path workFolder, LoadSpec load, long seconds) {
        if (!load.isPaced()) {
            throw new IllegalArgumentException("what is transmitted needs a rate");
        }
        List<String> command = new ArrayList<>(List.of("taskset", "--cpu-list", Injector.CPU));
        command.addAll(
                home.ringtail(
                        "replay",
                        "--interface",
                        CaptureLink.FAR_END,
                        "--rate",
                        Long.toString(load.rate()),
                        "--loop",
                        "0",
                        "--count",
                        Long.toString(load.rate() * seconds),
                        file.path().toString()));
        long cpuBeforeNs = ProcessUsage.endedChildrenCpuNs();
        long beginNs = System.nanoTime();
        return new Injection(
                Child.start(workFolder, command),
                seconds,
                process ->
                        counted(
                                process,
                                (double) (ProcessUsage.endedChildrenCpuNs() - cpuBeforeNs)
                                        / (System.nanoTime() - beginNs)));
    }

    private static Injected counted(Child process, double cores) {
        Matcher sent = SENT.matcher(process.out());
        Matcher seconds = SECONDS.matcher(process.out());
        if (!sent.find() || !seconds.find()) {
            throw process.failed("did not say what it sent");
        }
        return new Injected(
                number(sent.group(1)),
                number(sent.group(2)),
                Double.parseDouble(seconds.group(1)),
                cores);
    }

    private static long number(String grouped) {
        return Long.parseLong(grouped.replace(",", ""));
    }
}
