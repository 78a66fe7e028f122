/// Reads and writes capture files, pcap and pcapng, as streams in bounded memory.
///
/// [CaptureFileReader] is the way in, [CaptureWriter] the way out.
@NullMarked
package dev.ringtail.pcap.file;

import org.jspecify.annotations.NullMarked;
