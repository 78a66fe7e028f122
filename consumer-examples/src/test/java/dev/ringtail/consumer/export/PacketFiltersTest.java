package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.libpcap.FilterException;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class PacketFiltersTest {
    private final List<String> told = new ArrayList<>();

    @Test
    void tellsOnceOfALinkTypeThatTheFilterCannotBeAppliedTo() {
        try (PacketFilters filters = new PacketFilters("ether host 1:2:3:4:5:6", told::add)) {
            filters.prepare(LinkType.ETHERNET);
            filters.prepare(LinkType.IPV4);
            filters.prepare(LinkType.IPV4);
        }

        assertThat(told).singleElement().asString().contains("are left out");
    }

    @Test
    void aFilterOfWirelessFramesIsNoWrongOne() {
        try (PacketFilters filters = new PacketFilters("wlan type mgt", told::add)) {
            filters.prepare(LinkType.ETHERNET);
            filters.prepare(LinkType.IEEE802_11);
        }
        try (PacketFilters filters = new PacketFilters("wlan type mgt", told::add)) {
            filters.prepare();
        }

        assertThat(told).singleElement().asString().startsWith("packets of link type ETHERNET");
    }

    @Test
    void refusesAFilterThatNoLinkTypeTakes() {
        try (PacketFilters filters = new PacketFilters("tcp prot 80", told::add)) {
            assertThatThrownBy(filters::prepare).isInstanceOf(FilterException.class);
            assertThatThrownBy(() -> filters.prepare(LinkType.IEEE802_11))
                    .isInstanceOf(FilterException.class);
        }

        assertThat(told).isEmpty();
    }
}
