package dev.ringtail.pcap.libpcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;

class LibPcapLoaderTest {
    @Test
    void namesThePackageWhereLibpcapIsMissing() {
        assertThatThrownBy(() -> LibPcapLoader.load(List.of("libnosuch.so.1", "libnosuch.so.2")))
                .isInstanceOf(LibPcapMissingException.class)
                .hasMessageContaining("libnosuch.so.1, libnosuch.so.2")
                .hasMessageContaining("apt-get install libpcap0.8");
    }

    @Test
    void takesTheFirstLibraryThatIsThere() {
        assertThat(LibPcapLoader.load(List.of("libnosuch.so.1", "libc.so.6")).find("getpid"))
                .isPresent();
    }
}
