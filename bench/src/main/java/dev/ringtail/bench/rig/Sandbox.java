package dev.ringtail.bench.rig;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The network and process namespaces that a run has to itself.
///
/// The bench runs itself again inside, as their first process. So the kernel ends whatever the run
/// started when that process ends, however it ends, and the interfaces go with it: nothing is left
/// behind, and no packet of this machine is captured.
public final class Sandbox {
    private static final String ENTERED = "ringtail.bench.sandbox";

    private static final List<String> UNSHARE =
            List.of("unshare", "--net", "--pid", "--fork", "--mount-proc", "--kill-child");

    private Sandbox() {}

    /// Whether this process runs inside.
    public static boolean isEntered() {
        return Boolean.getBoolean(ENTERED);
    }

    /// Why there can't be one, empty where there can.
    public static Optional<String> missing() throws InterruptedException {
        List<String> command = new ArrayList<>(UNSHARE);
        command.add("true");
        try {
            Process probe = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return probe.waitFor() == 0
                    ? Optional.empty()
                    : Optional.of(
                            "namespaces can't be made, which takes CAP_SYS_ADMIN: " + said.strip());
        } catch (IOException e) {
            return Optional.of("the program unshare (util-linux) is not on the path");
        }
    }

    /// Runs a command of this module again, inside, with this process's input and output.
    ///
    /// @return its exit code
    public static int enter(Class<?> main, List<String> arguments) throws InterruptedException {
        List<String> jvmFlags =
                new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
        jvmFlags.add("-D" + ENTERED + "=true");
        List<String> command = new ArrayList<>(UNSHARE);
        command.addAll(Home.java(jvmFlags, main, arguments.toArray(String[]::new)));
        try {
            Process inside = new ProcessBuilder(command).inheritIO().start();
            // unshare itself heeds neither SIGINT nor SIGTERM while it waits.
            Thread stop = new Thread(() -> stop(inside), "bench-stop");
            Runtime.getRuntime().addShutdownHook(stop);
            return inside.waitFor();
        } catch (IOException e) {
            throw new BenchException("Cannot start " + command.getFirst(), e);
        }
    }

    private static void stop(Process inside) {
        inside.children().forEach(ProcessHandle::destroy);
        try {
            inside.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
