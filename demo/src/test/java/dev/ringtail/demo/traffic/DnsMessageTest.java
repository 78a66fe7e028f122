package dev.ringtail.demo.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HexFormat;

/// The expected bytes are written out by hand from RFC 1035.
class DnsMessageTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String QUESTION_A_B_C = "0161" + "0162" + "0163" + "00" + "0001" + "0001";

    @Test
    void queryAsksOneQuestionWithRecursion() {
        assertThat(HEX.formatHex(DnsMessage.query(0xabcd, "a.b.c", DnsMessage.TYPE_A)))
                .isEqualTo("abcd" + "0100" + "0001" + "0000" + "0000" + "0000" + QUESTION_A_B_C);
    }

    @Test
    void answerRepeatsTheQuestionAndPointsAtItsName() {
        byte[] query = DnsMessage.query(0x0102, "a.b.c", DnsMessage.TYPE_A);
        assertThat(HEX.formatHex(DnsMessage.answer(query, query.length)))
                .isEqualTo(
                        "0102"
                                + "8180"
                                + "0001"
                                + "0001"
                                + "0000"
                                + "0000"
                                + QUESTION_A_B_C
                                + "c00c"
                                + "0001"
                                + "0001"
                                + "0000003c"
                                + "0004"
                                + "c0000202");
    }

    @Test
    void ipv6AddressComesFromTheDocumentationRange() {
        byte[] query = DnsMessage.query(0x0102, "a.b.c", DnsMessage.TYPE_AAAA);
        assertThat(HEX.formatHex(DnsMessage.answer(query, query.length)))
                .endsWith(
                        "c00c"
                                + "001c"
                                + "0001"
                                + "0000003c"
                                + "0010"
                                + "20010db8000000000000000000000102");
    }

    @Test
    void everyTruncatedQueryGetsAFormatError() {
        byte[] query = DnsMessage.query(7, "host.example.com", DnsMessage.TYPE_A);
        for (int length = 2; length < query.length; length++) {
            byte[] answer = DnsMessage.answer(java.util.Arrays.copyOf(query, length), length);
            assertThat(DnsMessage.refuses(7, answer, answer.length))
                    .as("%d bytes", length)
                    .isTrue();
        }
    }

    @Test
    void goodAnswerIsNoRefusal() {
        byte[] query = DnsMessage.query(7, "host.example.com", DnsMessage.TYPE_AAAA);
        byte[] answer = DnsMessage.answer(query, query.length);
        assertThat(DnsMessage.refuses(7, answer, answer.length)).isFalse();
        assertThat(DnsMessage.refuses(8, answer, answer.length)).isFalse();
    }
}
