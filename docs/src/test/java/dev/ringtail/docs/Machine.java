package dev.ringtail.docs;

import static dev.ringtail.testing.Frames.ethernet;
import static dev.ringtail.testing.Frames.ipv4;

import dev.ringtail.sensor.linux.FrameSender;
import dev.ringtail.sensor.linux.InNamespace;
import dev.ringtail.testing.Frames;
import dev.ringtail.testing.NetworkNamespace;
import dev.ringtail.testing.PageCommands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// A machine as the pages assume it: a network of its own, with `lo`, whose names (`kafka`) lead to
/// itself, and a folder in which `./ringtail` is the launcher.
final class Machine implements AutoCloseable {
    /// Frames that the pages' filters take: TCP to port 443, UDP to port 53.
    static final List<byte[]> FRAMES =
            List.of(
                    ethernet("0800", ipv4(6, 0, Frames.TCP)),
                    ethernet("0800", ipv4(17, 0, Frames.UDP)));

    private final NetworkNamespace namespace = NetworkNamespace.create();
    private final Path home;
    private final Path hosts;
    private final List<Terminal> terminals = new ArrayList<>();

    /// Makes one.
    ///
    /// @param home folder for the reader's files
    Machine(Path home) throws IOException {
        this.home = Files.createDirectories(home);
        Launcher.script(home.resolve("ringtail"), "exec " + Launcher.FILE + " \"$@\"");
        Files.createDirectory(programs());
        Launcher.script(programs().resolve("sudo"), "exec \"$@\"");
        Files.writeString(home.resolve(".bashrc"), Terminal.BASHRC);
        // Else its interfaces ask for routers, ever less often, and pages would show that at times.
        administer("sysctl -qw net.ipv6.conf.default.router_solicitations=0");
        // With no address but 127.0.0.1, kcat (AI_ADDRCONFIG) finds no use for IPv4.
        administer("ip address add 198.51.100.1/32 dev lo");
        // ip-netns(8) puts it in the place of /etc/hosts.
        hosts = Path.of("/etc/netns", namespace.name(), "hosts");
        Files.createDirectories(hosts.getParent());
        Files.writeString(
                hosts, Files.readString(Path.of("/etc/hosts")) + "\n127.0.0.1 kafka kafka-1\n");
    }

    /// Opens another terminal, with the reader's folder as its own.
    Terminal terminal() throws IOException {
        Path screen = home.resolveSibling(home.getFileName() + "-screen-" + terminals.size());
        String path = programs() + ":" + System.getenv("PATH");
        Map<String, String> environment =
                Map.of(
                        "PATH",
                        path,
                        "HOME",
                        home.toString(),
                        // The launcher would look for it in the home of who runs the tests.
                        "JAVA_HOME",
                        System.getProperty("java.home"));
        Terminal terminal = new Terminal(namespace, home, screen, environment);
        terminals.add(terminal);
        return terminal;
    }

    /// Starts a broker at the address to which `kafka:9092` leads.
    void startKafka() throws IOException {
        terminal().start("./ringtail kafka", "Kafka is running");
    }

    /// Adds a program to those that its shells find.
    void addProgram(String name, String mainClass) throws IOException {
        new PageCommands(programs(), Map.of()).program(name, mainClass);
    }

    /// Adds an interface that is up, on which [#send] has packets come in.
    void addInterface(String name) {
        connect(name, this, far(name));
    }

    /// Adds an Ethernet link to another machine; both ends are up.
    void connect(String name, Machine other, String otherName) {
        namespace.run(
                "ip link add %s type veth peer name %s netns %s"
                        .formatted(name, otherName, other.namespace.name()));
        namespace.run("ip link set " + name + " up");
        other.namespace.run("ip link set " + otherName + " up");
    }

    /// Lets every user into the reader's folder.
    void openHome() throws IOException {
        for (Path folder : List.of(home, home.resolveSibling("."))) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /// Has packets come in at an interface: TCP to port 443 and UDP to port 53.
    void send(String interfaceName, int count) throws Exception {
        InNamespace.call(
                namespace,
                () -> {
                    try (FrameSender sender = new FrameSender(far(interfaceName))) {
                        Collections.nCopies(count, FRAMES)
                                .forEach(frames -> frames.forEach(sender::send));
                    }
                    return null;
                });
    }

    /// Runs a command of words separated by single spaces, as its administrator.
    void administer(String command) {
        namespace.run(command);
    }

    /// A file of the reader's.
    Path file(String name) {
        return home.resolve(name);
    }

    private Path programs() {
        return home.resolve("bin");
    }

    private static String far(String name) {
        return name + "-far";
    }

    @Override
    public void close() throws IOException {
        try {
            for (Terminal terminal : terminals) {
                terminal.close();
            }
        } finally {
            Files.deleteIfExists(hosts);
            Files.deleteIfExists(hosts.getParent());
            namespace.close();
        }
    }
}
