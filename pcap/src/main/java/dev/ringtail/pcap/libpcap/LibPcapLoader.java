package dev.ringtail.pcap.libpcap;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.List;

/// Finds libpcap, once in the life of the process and not before it is needed.
final class LibPcapLoader {
    /// The first is the name that most distributions use, the second Debian's.
    private static final List<String> LIBRARY_NAMES = List.of("libpcap.so.1", "libpcap.so.0.8");

    private LibPcapLoader() {}

    private static final class Loaded {
        static final SymbolLookup LIBPCAP = load(LIBRARY_NAMES);
    }

    /// Returns the loaded library's symbols.
    ///
    /// @throws LibPcapMissingException when there is no libpcap, at each call
    static SymbolLookup libpcap() {
        try {
            return Loaded.LIBPCAP;
        } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
            // A class whose initialiser failed stays unusable: look again, to fail readably each
            // time.
            return load(LIBRARY_NAMES);
        }
    }

    /// Loads the first library that there is.
    ///
    /// @throws LibPcapMissingException when there is none of these names
    static SymbolLookup load(List<String> names) {
        IllegalArgumentException absent = new IllegalArgumentException("no name to look for");
        for (String name : names) {
            try {
                return SymbolLookup.libraryLookup(name, Arena.global());
            } catch (IllegalArgumentException e) {
                absent = e;
            }
        }
        throw new LibPcapMissingException(
                ("filters need libpcap, and none of %s can be loaded: install the package"
                     + " libpcap0.8 (Debian, Ubuntu: apt-get install libpcap0.8) or libpcap"
                     + " (Fedora, Alpine), or leave the filter out")
                        .formatted(String.join(", ", names)),
                absent);
    }
}
