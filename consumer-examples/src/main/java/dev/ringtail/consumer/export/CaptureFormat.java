package dev.ringtail.consumer.export;

import dev.ringtail.pcap.file.CaptureWriter;
import dev.ringtail.pcap.file.PcapWriter;
import dev.ringtail.pcap.file.PcapngWriter;

import java.io.IOException;
import java.io.OutputStream;

/// Formats of capture files that an export can write.
enum CaptureFormat {
    /// Interfaces, comments, statistics.
    PCAPNG,
    /// One link type, packets alone.
    PCAP;

    private static final String APPLICATION = "ringtail export";

    /// A writer of this format; closing it closes the stream.
    CaptureWriter writer(OutputStream out) throws IOException {
        return switch (this) {
            case PCAPNG -> new PcapngWriter(out, "", "", APPLICATION);
            case PCAP -> new PcapWriter(out);
        };
    }
}
