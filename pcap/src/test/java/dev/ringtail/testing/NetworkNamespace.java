package dev.ringtail.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A network namespace of a test's own, made by iproute2 and deleted at close.
///
/// Names carry the process id, so that test runs at the same time don't meet. Processes started
/// inside must have ended before the close, or the namespace lives on without its name.
public final class NetworkNamespace implements AutoCloseable {
    private static final AtomicInteger CREATED = new AtomicInteger();

    private final String name;

    private NetworkNamespace(String name) {
        this.name = name;
    }

    /// Makes a namespace in which `lo` is up.
    public static NetworkNamespace create() {
        String name =
                "rt-%d-%d".formatted(ProcessHandle.current().pid(), CREATED.incrementAndGet());
        Tools.run("ip", "netns", "add", name).orFail();
        NetworkNamespace namespace = new NetworkNamespace(name);
        namespace.run("ip link set lo up");
        return namespace;
    }

    /// Name as `ip netns` knows it.
    public String name() {
        return name;
    }

    /// File that `setns(2)` takes.
    public Path path() {
        return Path.of("/run/netns", name);
    }

    /// Runs a command inside and fails when it does.
    ///
    /// @param command words separated by single spaces; nothing is quoted or expanded
    public Tools.Result run(String command) {
        return Tools.run(command(List.of(command.split(" ")))).orFail();
    }

    /// Returns the command line that runs a program inside, for programs that run longer.
    public List<String> command(List<String> inside) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", name));
        command.addAll(inside);
        return List.copyOf(command);
    }

    @Override
    public void close() {
        Tools.run("ip", "netns", "delete", name).orFail();
    }
}
