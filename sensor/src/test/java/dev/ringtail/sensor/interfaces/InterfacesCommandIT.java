package dev.ringtail.sensor.interfaces;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.sensor.Main;
import dev.ringtail.sensor.StopSignal;
import dev.ringtail.testing.NetworkNamespace;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

@Privileged
@RequiresTool("ethtool")
class InterfacesCommandIT {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private NetworkNamespace namespace;

    @BeforeEach
    void create() {
        namespace = NetworkNamespace.create();
    }

    @AfterEach
    void delete() {
        namespace.close();
    }

    @Test
    void tellsWhatEachLinkSupports() throws Exception {
        namespace.run("ip link add v0 numrxqueues 3 numtxqueues 3 type veth peer name v1");
        namespace.run("ethtool -K v0 tso off");
        namespace.run("ethtool -L v0 rx 2");
        namespace.run("ip link set v0 mtu 1400 up promisc on");
        namespace.run("ip tuntap add tun0 mode tun");

        JsonNode v0 = find("v0");
        assertThat(v0.path("linkTypeName").asText()).isEqualTo("ETHERNET");
        assertThat(v0.path("mtuBytes").asInt()).isEqualTo(1400);
        assertThat(v0.path("state").asText()).isEqualTo("no carrier");
        assertThat(v0.path("kind").asText()).isEqualTo("veth");
        assertThat(v0.path("rxQueueCount").asInt()).isEqualTo(2);
        assertThat(v0.path("offloads").path("tso").asBoolean(true)).isFalse();
        assertThat(v0.path("offloads").path("gso").asBoolean()).isTrue();
        assertThat(v0.path("largestFrameBytes").asInt()).isGreaterThan(65_536);
        assertThat(v0.path("hardwareTimestamps").asBoolean(true)).isFalse();
        assertThat(v0.path("promiscuous").asBoolean()).isTrue();
        assertThat(v0.path("capturable").asBoolean()).isTrue();

        JsonNode v1 = find("v1");
        assertThat(v1.path("state").asText()).isEqualTo("down");
        assertThat(v1.path("capturable").asBoolean(true)).isFalse();
        assertThat(v1.path("problem").asText()).isEqualTo("it is down (ip link set v1 up)");

        assertThat(find("tun0").path("linkTypeName").asText()).isEqualTo("RAW");
        assertThat(find("lo").path("state").asText()).isEqualTo("up");

        JsonNode any = find("any");
        assertThat(any.path("linkType").asInt()).isEqualTo(LinkType.LINUX_SLL2);
        assertThat(any.path("cooked").asBoolean()).isTrue();
        assertThat(any.path("capturable").asBoolean()).isTrue();
    }

    @Test
    void takesAPathAndMakesATable() {
        namespace.run("ip link add br0 type bridge");

        assertThat(run("--netns", namespace.path().toString())).isZero();
        assertThat(out.toString().lines().map(line -> line.split(" ", 2)[0]))
                .containsExactly("NAME", "lo", "br0", "any");
    }

    @Test
    void refusesANamespaceThatIsNotThere() {
        assertThat(run("--netns", "no-such-namespace")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith(
                        "ringtail interfaces: open(network namespace"
                                + " /run/netns/no-such-namespace): ENOENT")
                .hasLineCount(1);
    }

    private JsonNode find(String name) throws Exception {
        out.getBuffer().setLength(0);
        assertThat(run("--json", "--netns", namespace.name())).as("%s", err).isZero();
        for (JsonNode each : new ObjectMapper().readTree(out.toString())) {
            if (each.path("name").asText().equals(name)) {
                return each;
            }
        }
        throw new AssertionError(name + " is not in " + out);
    }

    private int run(String... arguments) {
        CommandLine command =
                Main.commandLine(StopSignal.never())
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true));
        String[] all = new String[arguments.length + 1];
        all[0] = "interfaces";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return command.execute(all);
    }
}
