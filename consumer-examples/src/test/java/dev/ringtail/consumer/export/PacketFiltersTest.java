package dev.ringtail.consumer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.libpcap.FilterException;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class PacketFiltersTest {
    /// LINKTYPE_MTP2.
    private static final int MTP2 = 140;

    private final List<String> told = new ArrayList<>();

    @Test
    void tellsOnceOfALinkTypeThatTheFilterCannotBeAppliedTo() {
        try (PacketFilters filters = new PacketFilters("ether host 1:2:3:4:5:6", told::add)) {
            filters.prepare(List.of(LinkType.ETHERNET, LinkType.IPV4));
            filters.prepare(List.of(LinkType.ETHERNET, LinkType.IPV4));
        }

        assertThat(told).singleElement().asString().contains("are left out");
    }

    @Test
    void aFilterOfWirelessFramesIsNoWrongOne() {
        try (PacketFilters filters = new PacketFilters("wlan type mgt", told::add)) {
            filters.prepare(List.of(LinkType.ETHERNET, LinkType.IEEE802_11));
        }
        try (PacketFilters filters = new PacketFilters("wlan type mgt", told::add)) {
            filters.prepare(List.of());
        }

        assertThat(told).singleElement().asString().startsWith("packets of link type ETHERNET");
    }

    /// Signalling frames, which no host captures, but which may be imported.
    @Test
    void aLinkTypeOfTheRangeThatTakesItIsEnough() {
        try (PacketFilters filters = new PacketFilters("fisu", told::add)) {
            filters.prepare(List.of(LinkType.ETHERNET, MTP2));
        }

        assertThat(told).singleElement().asString().startsWith("packets of link type ETHERNET");
    }

    @Test
    void refusesAFilterThatNoLinkTypeTakes() {
        try (PacketFilters filters = new PacketFilters("tcp prot 80", told::add)) {
            assertThatThrownBy(() -> filters.prepare(List.of()))
                    .isInstanceOf(FilterException.class);
            assertThatThrownBy(() -> filters.prepare(List.of(LinkType.IEEE802_11)))
                    .isInstanceOf(FilterException.class);
        }

        assertThat(told).isEmpty();
    }
}
