package dev.ringtail.pcap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.reflect.Field;

class LinkTypeTest {
    @ParameterizedTest
    @CsvSource({"100,11", "101,12", "102,15", "103,16", "106,19", "1,1", "0,0", "276,276"})
    void mapsToTheNumbersOfLibpcapAndBack(int linkType, int dlt) {
        assertThat(LinkType.toDlt(linkType)).isEqualTo(dlt);
        assertThat(LinkType.fromDlt(dlt)).isEqualTo(linkType);
    }

    @Test
    void namesEveryConstantAsItIsWritten() throws IllegalAccessException {
        for (Field constant : LinkType.class.getFields()) {
            assertThat(LinkType.name(constant.getInt(null))).isEqualTo(constant.getName());
        }
    }

    @Test
    void namesWhatItKnowsAndNumbersTheRest() {
        assertThat(LinkType.name(LinkType.LINUX_SLL2)).isEqualTo("LINUX_SLL2");
        assertThat(LinkType.name(4711)).isEqualTo("LINKTYPE 4711");
    }
}
