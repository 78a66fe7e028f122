package dev.ringtail.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;

/// What readers of the how-tos type.
final class HowTos {
    private static final int FRAMES = 100;
    private static final String CAPTURES = ", session ";

    private HowTos() {}

    static void captureAPod(Walkthrough page, Machine node) throws Exception {
        try (Machine pod = new Machine(node.file("pod"))) {
            pod.addInterface("eth0");
            String pid = Long.toString(pod.terminal().pid());
            node.startKafka();
            Terminal terminal = node.terminal();
            assertThat(terminal.run(page.command("./ringtail interfaces").replace("PID", pid)))
                    .contains("eth0");
            capture(pod, terminal, page.command("./ringtail sensor").replace("PID", pid), "eth0");
            assertThat(terminal.run(page.command("lsns -t net"))).contains(pid);
        }
        page.leaveOut("there is no container runtime with CRI here", "crictl inspect");
        page.leaveOut("it needs a container", "docker inspect --format");
    }

    static void captureWithoutRoot(Walkthrough page, Machine machine) throws Exception {
        Terminal terminal = machine.terminal();
        assertThat(terminal.run(page.command("unshare -rn sh -c"))).contains("balanced");

        terminal.run(page.command("unshare -rn bash"));
        terminal.run(page.command("ip link set lo up"));
        terminal.run(page.command("./ringtail kafka &"));
        terminal.await("Kafka is running");
        terminal.start(page.command("./ringtail sensor -i lo"), CAPTURES);
        assertThat(terminal.interrupt()).contains("balanced");
        terminal.run("kill %1; wait; exit");

        machine.addInterface("eth0");
        machine.startKafka();
        machine.openHome();
        String anyUser = page.command("sudo setpriv").replace("=capture", "=daemon");
        assumeTrue(
                Launcher.isRunnableBy("daemon"),
                "the user daemon can't get to " + Launcher.FILE + ", as a folder above is not his");
        capture(machine, terminal, anyUser, "eth0");
    }

    static void changeFiltersLive(Walkthrough page, Machine machine) throws Exception {
        machine.addInterface("eth0");
        machine.addInterface("eth1");
        machine.startKafka();
        Path config = machine.file("sensor.yaml");
        String yaml = page.page().block("# sensor.yaml");
        Files.writeString(config, yaml);

        Terminal terminal = machine.terminal();
        terminal.start(page.command("./ringtail sensor"), CAPTURES);
        Files.writeString(config, yaml.replace("tcp port 443", "tcp port 80"));
        terminal.await(page.page().block("sensor.yaml: ").strip());
        Files.writeString(config, yaml.replace("tcp port 443", "tcp prt 443"));
        terminal.await(page.page().block("warning: ").replace("…", "").strip());
        assertThat(terminal.interrupt()).contains("balanced");
    }

    static void monitor(Walkthrough page, Machine machine) throws Exception {
        machine.addInterface("eth0");
        machine.startKafka();
        Terminal sensor = machine.terminal();
        Terminal flows = machine.terminal();
        sensor.start(page.command("./ringtail sensor"), CAPTURES);
        flows.start(page.command("./ringtail flows"), "management at http://");
        awaitReady(machine, 9464);
        awaitReady(machine, 9465);
        flows.interrupt();
        assertThat(sensor.interrupt()).contains("balanced");
    }

    private static void awaitReady(Machine machine, int port) {
        await().atMost(Terminal.PATIENCE)
                .untilAsserted(
                        () ->
                                machine.administer(
                                        "curl -sf http://127.0.0.1:%d/readyz".formatted(port)));
    }

    static void ownTraffic(Walkthrough page, Machine machine) throws Exception {
        machine.addInterface("eth0");
        machine.startKafka();
        capture(machine, machine.terminal(), page.command("./ringtail sensor -i eth0"), "eth0");
    }

    static void pinLanes(Walkthrough page, Machine machine) throws Exception {
        page.leaveOut(
                "processors 2 to 5 are not everywhere", "./ringtail sensor -i eth0 --lanes 4");
    }

    static void readTheTopics(Walkthrough page, Machine machine) throws Exception {
        machine.addInterface("eth0");
        machine.startKafka();
        Terminal terminal = machine.terminal();
        capture(
                machine,
                terminal,
                "./ringtail sensor -i eth0 --bootstrap-server kafka:9092",
                "eth0");
        Files.writeString(machine.file("packets.py"), page.page().block("import io"));
        terminal.run(page.command("kcat -C -e -q -b 127.0.0.1:9092 -t capture.schemas"));
        String packets =
                terminal.run(page.command("kcat -C -e -q -b 127.0.0.1:9092 -t capture.packets"));
        for (byte[] frame : Machine.FRAMES) {
            String line = " eth0 %d %s".formatted(frame.length, HexFormat.of().formatHex(frame));
            assertThat(packets.lines().filter(l -> l.endsWith(line))).hasSize(FRAMES);
        }
    }

    static void recordToFiles(Walkthrough page, Machine machine) throws Exception {
        machine.addInterface("eth0");
        Terminal terminal = machine.terminal();
        String plain = "./ringtail sensor -i eth0 -w trace.pcapng";
        capture(machine, terminal, page.command(plain), "eth0");
        assertThat(terminal.run("tshark -r trace.pcapng")).contains("10.0.0.2");

        terminal.start(page.command("./ringtail sensor -i eth0 -f"), CAPTURES);
        machine.send("eth0", 1);
        terminal.await("10.0.0.2");
        assertThat(terminal.kill()).contains("balanced");

        capture(machine, terminal, page.command(plain + " --rotate-size"), "eth0");
        try (Stream<Path> files = Files.list(machine.file("."))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .anyMatch(name -> name.matches("trace_00001_\\d{14}\\.pcapng"));
        }
    }

    static void replayAndForward(Walkthrough page, Machine machine) throws Exception {
        machine.addInterface("eth0");
        machine.addInterface("eth1");
        Terminal terminal = machine.terminal();
        capture(machine, terminal, "./ringtail sensor -i eth0 -w capture.pcapng", "eth0");
        String replay = "./ringtail replay capture.pcapng -i eth1";
        for (String how : new String[] {" #", " --speed", " --rate 50000", " --rate max", " -f"}) {
            String table = terminal.run(page.command(replay + how));
            page.assertShown("packets           total", table);
            assertThat(table).containsPattern("(?m)^sent +[1-9]").doesNotContain("notSent");
        }
        terminal.start(page.command(replay + " --loop 0"), "sending capture.pcapng");
        terminal.interrupt();

        String forward = "./ringtail forward -i eth0 --to ";
        forward(machine, terminal, page.command(forward + "eth1"));
        forward(machine, terminal, page.command(forward + "eth1 -f"));
        forwardOverUdp(page, machine, terminal, forward);
    }

    static void scaleAnalysis(Walkthrough page, Machine machine) throws Exception {
        machine.addInterface("eth0");
        machine.startKafka();
        Terminal terminal = machine.terminal();
        capture(
                machine,
                terminal,
                "./ringtail sensor -i eth0 --bootstrap-server kafka:9092",
                "eth0");
        Files.writeString(
                machine.file("flows.properties"), page.page().block("num.stream.threads="));
        Terminal flows = machine.terminal();
        flows.start(
                page.command("./ringtail flows")
                        .replace("/var/lib/ringtail/flows", machine.file("state").toString()),
                "management at http://");
        awaitReady(machine, 9465);
        machine.addProgram(
                "kafka-consumer-groups.sh",
                "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand");
        assertThat(terminal.run(page.command("kafka-consumer-groups.sh")))
                .contains("capture.packets");
        flows.interrupt();

        page.leaveTo(
                "ParallelExportIT",
                "exports=",
                "for hour in",
                "failed=",
                "for export in",
                "[ $failed = 0 ] && mergecap",
                "for sensor in",
                "wait");
    }

    private static void forwardOverUdp(
            Walkthrough page, Machine machine, Terminal terminal, String forward) throws Exception {
        try (Machine receiver = new Machine(machine.file("receiver"))) {
            machine.connect("eth2", receiver, "eth0");
            machine.administer("ip address add 192.0.2.1/24 dev eth2");
            machine.administer("ip address add 2001:db8::1/64 dev eth2 nodad");
            receiver.administer("ip address add 192.0.2.7/24 dev eth0");
            receiver.administer("ip address add 2001:db8::7/64 dev eth0 nodad");
            // The mirror is to capture what is sent to it, and no multicast reports of its own.
            receiver.administer("sysctl -qw net.ipv6.conf.default.disable_ipv6=1");
            receiver.startKafka();

            Terminal tshark = receiver.terminal();
            tshark.start(page.command("tshark -i eth0"), "Capturing on");
            forward(machine, terminal, page.command(forward + "'udp:["));
            tshark.await("10.0.0.2");
            tshark.interrupt();

            tshark.run(page.command("ip link add mirror"));
            tshark.run(page.command("ip link set mirror"));
            tshark.start(page.command("./ringtail sensor -i mirror"), CAPTURES);
            forward(machine, terminal, page.command(forward + "udp:192.0.2.7"));
            assertThat(tshark.interrupt()).containsPattern("acknowledged +" + 2 * FRAMES + " ");
        }
    }

    private static void forward(Machine machine, Terminal terminal, String command)
            throws Exception {
        terminal.start(command, "forwarding");
        machine.send("eth0", FRAMES);
        assertThat(terminal.interrupt()).containsPattern("(?m)^sent +[1-9]");
    }

    /// Starts a sensor, has packets come in, ends it by Ctrl-C, and expects it to have captured.
    static void capture(Machine machine, Terminal terminal, String command, String interfaceName)
            throws Exception {
        terminal.start(command, CAPTURES);
        machine.send(interfaceName, FRAMES);
        assertThat(terminal.interrupt())
                .containsPattern("(?m)^acknowledged +[1-9]")
                .contains("balanced");
    }
}
