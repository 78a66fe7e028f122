package dev.ringtail.pcap.libpcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

@Privileged
class FilterCompilerTest {
    /// `BPF_LD | BPF_B | BPF_ABS` and `SKF_AD_OFF` of linux/filter.h.
    private static final int LOAD_BYTE = 0x30;

    private static final int ANCILLARY = -0x1000;
    private static final int VLAN_TAG = 44;
    private static final int VLAN_TAG_PRESENT = 48;

    @Test
    void looksForTheVlanTagWhereTheKernelKeepsIt() {
        List<Integer> loaded =
                FilterCompiler.compileLive("lo", "vlan 100", 65535).instructions().stream()
                        .filter(instruction -> (instruction.code() & 7) == 0)
                        .map(BpfInstruction::k)
                        .toList();

        assertThat(loaded).contains(ANCILLARY + VLAN_TAG_PRESENT, ANCILLARY + VLAN_TAG);
    }

    @Test
    void readsAVlanTagPresentByte() {
        assertThat(FilterCompiler.compileLive("lo", "vlan", 0).instructions())
                .anySatisfy(
                        instruction -> {
                            assertThat(instruction.code()).isEqualTo(LOAD_BYTE);
                            assertThat(instruction.k()).isEqualTo(ANCILLARY + VLAN_TAG_PRESENT);
                        });
    }

    @RequiresTool("tcpdump")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tcp port 80",
                "not (udp and host 10.0.0.1)",
                "vlan 7 and ip6",
                "ether broadcast or greater 1000",
                "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0"
            })
    void compilesWhatTcpdumpCompiles(String filter) {
        List<String> command = new ArrayList<>(List.of("tcpdump", "-i", "lo", "-s", "96", "-ddd"));
        if (!filter.isEmpty()) {
            command.add(filter);
        }
        List<String> lines = Tools.run(command).orFail().stdout().lines().toList();

        List<String> ours =
                FilterCompiler.compileLive("lo", filter, 96).instructions().stream()
                        .map(FilterCompilerTest::asTcpdumpPrints)
                        .toList();

        assertThat(ours).isEqualTo(lines.subList(1, lines.size()));
    }

    private static String asTcpdumpPrints(BpfInstruction instruction) {
        return "%d %d %d %s"
                .formatted(
                        instruction.code(),
                        instruction.jt(),
                        instruction.jf(),
                        Integer.toUnsignedString(instruction.k()));
    }

    @Test
    void tellsWhatIsWrongWithAFilter() {
        assertThatThrownBy(() -> FilterCompiler.compileLive("lo", "tcp prt 80", 65535))
                .isInstanceOf(FilterSyntaxException.class)
                .hasMessageContaining("\"tcp prt 80\"")
                .hasMessageContaining("syntax error");
    }

    @Test
    void namesAnInterfaceThatIsNotThere() {
        assertThatThrownBy(() -> FilterCompiler.compileLive("nosuch0", "tcp", 65535))
                .isInstanceOf(FilterException.class)
                .hasMessageContaining("interface nosuch0")
                .hasMessageContaining("see ip link");
    }

    @Test
    void refusesAnInterfaceThatLibpcapReadsWithoutLinkHeader() {
        assertThatThrownBy(() -> FilterCompiler.compileLive("any", "tcp", 65535))
                .isInstanceOf(FilterException.class)
                .hasMessageContaining("cooked mode");
    }

    @Test
    void movesCookedProgramsToTheNetworkHeader() {
        List<BpfInstruction> loads =
                FilterCompiler.compileCooked("ip and inbound and udp port 53", 96)
                        .instructions()
                        .stream()
                        .filter(i -> (i.code() & 7) <= 1)
                        .toList();

        // The protocol and the packet type from the kernel, then the IP header at 0.
        assertThat(loads)
                .extracting(BpfInstruction::k)
                .contains(ANCILLARY, ANCILLARY + 4, 9, 6, 0, 2)
                .allMatch(k -> k < 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"link[12] = 1", "link[8:2] = 1", "link[11] = 6", "link[5] = 1"})
    void refusesWhatTheKernelCanNotTellWithoutALinkHeader(String filter) {
        assertThatThrownBy(() -> FilterCompiler.compileCooked(filter, 96))
                .isInstanceOf(FilterException.class)
                .hasMessageContaining(filter)
                .hasMessageContaining("of the header), which the kernel can't filter on");
    }

    @Test
    void saysThatCookedPacketsHaveNoVlanTagsToFilterOn() {
        assertThatThrownBy(() -> FilterCompiler.compileCooked("vlan 5", 96))
                .isInstanceOf(FilterSyntaxException.class)
                .hasMessageContaining("no VLAN support");
    }
}
