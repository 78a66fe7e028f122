package dev.ringtail.sensor.interfaces;

import dev.ringtail.cli.SoftwareVersion;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.NetworkNamespaceThread;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/// `ringtail interfaces`: what can be captured here, and why not.
@Command(
        name = "interfaces",
        mixinStandardHelpOptions = true,
        versionProvider = SoftwareVersion.class,
        sortOptions = false,
        description = {
            "Lists the network interfaces: what a capture of each would see, whether it is"
                    + " possible, and what is in the way.",
            "",
            "Exit: 0 fine, 1 failed, 2 wrong usage, 77 where --netns lacks CAP_SYS_ADMIN.",
            ""
        })
public final class InterfacesCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Option(names = "--json", description = "As JSON, for programs.")
    private boolean json;

    @Option(
            names = "--netns",
            paramLabel = "NAME|PATH",
            description =
                    "Those of another network namespace: a name of `ip netns`, or a path such as"
                            + " /proc/PID/ns/net. Needs CAP_SYS_ADMIN.")
    private @Nullable String netns;

    @Override
    public Integer call() throws Exception {
        List<InterfaceDescription> interfaces = survey();
        PrintWriter out = Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
        if (json) {
            out.println(InterfaceJson.of(interfaces));
        } else {
            out.print(InterfaceTable.of(interfaces));
        }
        out.flush();
        return 0;
    }

    private List<InterfaceDescription> survey() throws Exception {
        LibC libc = LibC.load();
        if (netns == null) {
            return InterfaceSurvey.take(libc);
        }
        try (NetworkNamespaceThread thread = NetworkNamespaceThread.start(libc, netns)) {
            return thread.call(() -> InterfaceSurvey.take(libc));
        }
    }
}
