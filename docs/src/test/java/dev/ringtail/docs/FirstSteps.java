package dev.ringtail.docs;

import static org.assertj.core.api.Assertions.assertThat;

/// What readers of the README and the tutorial type.
final class FirstSteps {
    private static final String FIRST_IN_KAFKA =
            "kcat -C -c 1 -q -b 127.0.0.1:9092 -t capture.packets -f '%o\\n'";

    private static final String WEB_SERVER = "python3 -m http.server 8000 --bind 127.0.0.1";
    private static final String REQUEST = "curl -s -o listing.html http://127.0.0.1:8000/";
    private static final String KAFKA_RUNS = "Kafka is running";
    private static final String CAPTURES = "to capture.packets at 127.0.0.1:9092";

    private FirstSteps() {}

    static void readme(Walkthrough page, Machine machine) throws Exception {
        Terminal first = machine.terminal();
        Terminal second = machine.terminal();
        Terminal third = machine.terminal();

        String demo = first.run(page.command("./ringtail demo --duration 15"));
        page.assertShown("kernelPackets  ", demo);
        page.assertShown("excluded ownTraffic ", demo);
        page.assertShown("balanced", demo);
        page.assertShown("out.pcapng: ", demo);
        assertThat(first.run(page.command("tshark -r out.pcapng"))).contains("DNS", "HTTP");

        machine.addInterface("eth0");
        HowTos.capture(machine, first, page.command("./ringtail sensor -i eth0 -w"), "eth0");

        first.start(page.command("./ringtail kafka --data"), KAFKA_RUNS);
        page.assertShown("NAME  ", second.run(page.command("./ringtail interfaces")));
        second.start(page.command("./ringtail sensor -i lo"), CAPTURES);
        third.run(WEB_SERVER + " &");
        third.await("Serving HTTP");
        third.run(REQUEST);
        // What has reached Kafka came by the captured interface: own traffic, which the page shows.
        third.run(FIRST_IN_KAFKA);
        String ledger = second.interrupt();
        page.assertShown("capturing on lo, ", ledger);
        page.assertShown("  outgoing packets are left out on lo, ", ledger);
        page.assertShown("excluded ownTraffic     ", ledger);
        page.assertShown("balanced", ledger);

        second.run(page.command("./ringtail export --bootstrap-server 127.0.0.1:9092 --from"));
        assertThat(second.run("tshark -r http.pcapng")).contains("GET / HTTP/1.1");
        assertThat(
                        second.run(
                                page.command(
                                        "./ringtail export --bootstrap-server 127.0.0.1:9092 -f")))
                .contains("GET / HTTP/1.1");
        String audit = second.run(page.command("./ringtail verify"));
        page.assertShown("session  ", audit);
        assertThat(audit).containsPattern("(?m) 0 +ok$");
        assertThat(second.run(page.command("./ringtail flows"))).contains("127.0.0.1:8000");
        third.run("kill %1");
        first.interrupt();

        page.leaveOut(
                "ComposeIT does the same with ports and names of its own",
                "docker compose up",
                "docker compose logs");
        page.leaveToPage("docs/how-to/capture-without-root.md", "unshare -rn sh -c");
        page.leaveOut(
                "this test is a part of it",
                "mvn -B verify",
                "mvn -B verify -Drequire=privileged,docker");
    }

    static void tutorial(Walkthrough page, Machine machine) throws Exception {
        Terminal first = machine.terminal();
        Terminal second = machine.terminal();
        Terminal third = machine.terminal();

        String demo = first.run(page.command("./ringtail demo --duration 15"));
        assertThat(demo).contains("balanced", "as many as Kafka has acknowledged");
        assertThat(first.run(page.command("capinfos -c"))).contains("Number of packets");
        assertThat(first.run(page.command("tshark -q -z conv,tcp"))).contains("TCP Conversations");

        first.start(page.command("./ringtail kafka"), KAFKA_RUNS);
        second.start(page.command("./ringtail sensor"), CAPTURES);
        third.run(page.command("python3 -m http.server"));
        third.await("Serving HTTP");
        third.run(page.command("curl"));
        assertThat(second.interrupt()).contains("balanced");

        assertThat(third.run(page.command("./ringtail verify"))).containsPattern("(?m) 0 +ok$");
        third.run(page.command("./ringtail export"));
        assertThat(third.run(page.command("tshark -r http.pcapng")))
                .contains("[SYN]", "GET / HTTP/1.1", "[FIN, ACK]");
        assertThat(third.run(page.command("./ringtail flows"))).contains("127.0.0.1:8000");

        third.run(page.command("kill %1"));
        // Before its folder goes, as the page says: a Kafka that finds its log gone ends with 1
        first.interrupt();
        third.run(page.command("rm -r"));
    }
}
