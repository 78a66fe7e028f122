package dev.ringtail.pcap.libpcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.stream.Collectors;

class BpfTextTest {
    @Privileged
    @RequiresTool("tcpdump")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp port 80",
                "vlan 7 and ip6",
                "ip[2:2] / 4 = 10 or ether[7] >> 2 = 1",
                "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and greater 100"
            })
    void readsWhatTcpdumpPrints(String filter) {
        String printed =
                Tools.run("tcpdump", "-i", "lo", "-s", "96", "-ddd", filter).orFail().stdout();

        assertThat(BpfText.isBytecode(printed)).isTrue();
        assertThat(BpfText.isBytecode(filter)).isFalse();
        BpfProgram read = BpfText.parse(printed);
        assertThat(print(read)).isEqualTo(printed);
        assertThat(BpfText.parse(printed.strip().replace('\n', ','))).isEqualTo(read);
        assertThat(read).isEqualTo(FilterCompiler.compileLive("lo", filter, 96));
    }

    @Test
    void capsConstantsThatAreReturned() {
        BpfProgram program = BpfText.parse("4,21 0 1 9,6 0 0 64,22 0 0 0,6 0 0 4294967295");

        assertThat(print(program.cappedAt(96)).replace('\n', ','))
                .isEqualTo("4,21 0 1 9,6 0 0 64,22 0 0 0,6 0 0 96,");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "2,6 0 0 1|it announces 2 instructions and has 1",
                "1,6 0 0|instruction 0 '6 0 0' is not four numbers: code jt jf k",
                "1,6 0 0 1 1|is not four numbers",
                "1,6 0 0 0x1|k '0x1' is not a whole number from 0 to 4294967295",
                "1,6 0 0 4294967296|k '4294967296' is not a whole number",
                "1,6 256 0 1|jt '256' is not a whole number from 0 to 255",
                "1,65536 0 0 1|the code '65536' is not a whole number from 0 to 65535",
                "0,|0 instructions are not between 1 and 4096",
                "1,48 0 0 9|'48 0 0 9': the last is not a return",
                "2,21 1 0 9,6 0 0 1|instruction 0 '21 1 0 9': it jumps beyond the end",
                "2,5 0 0 4294967295,6 0 0 1|it jumps beyond the end",
                "2,52 0 0 0,6 0 0 1|division by zero",
                "2,100 0 0 32,6 0 0 1|shift by more than 31 bits",
                "2,2 0 0 16,6 0 0 1|the scratch memory has words 0 to 15",
                "2,96 0 0 3,6 0 0 1|it reads scratch memory that nothing wrote",
                "4,21 0 1 9,2 0 0 3,96 0 0 3,6 0 0 1|instruction 2 '96 0 0 3': it reads",
                "2,40 0 0 4294963265,6 0 0 1|no such ancillary value",
                "2,255 0 0 0,6 0 0 1|no such operation"
            })
    void saysWhichInstructionIsWrong(String text, String problem) {
        assertThat(BpfText.isBytecode(text)).isTrue();
        assertThatThrownBy(() -> BpfText.parse(text))
                .isInstanceOf(FilterException.class)
                .hasMessageStartingWith("bytecode: ")
                .hasMessageContaining(problem);
    }

    private static String print(BpfProgram program) {
        return program.instructions().stream()
                .map(
                        i ->
                                "%d %d %d %s%n"
                                        .formatted(
                                                i.code(),
                                                i.jt(),
                                                i.jf(),
                                                Integer.toUnsignedString(i.k())))
                .collect(Collectors.joining("", program.instructions().size() + "\n", ""));
    }
}
