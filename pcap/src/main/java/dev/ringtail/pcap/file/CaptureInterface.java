package dev.ringtail.pcap.file;

/// An interface as a capture file describes it.
///
/// @param index counted from 0 over all sections of the file
/// @param name empty where the file has none
/// @param description empty where the file has none
/// @param linkType `LINKTYPE_*`
/// @param snapLength bytes that were kept of a packet; 0 is unlimited
/// @param resolution of its timestamps
record CaptureInterface(
        int index,
        String name,
        String description,
        int linkType,
        int snapLength,
        TimestampResolution resolution) {

    /// Returns a snap length of a file, unsigned 32 bits, as an int: 0 (unlimited) where it exceeds
    /// that.
    static int snapLength(long inFile) {
        return inFile > Integer.MAX_VALUE ? 0 : (int) inFile;
    }
}
