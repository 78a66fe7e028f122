/// Reads the headers of a captured frame where it lies, without an object per packet; cuts
/// super-frames into segments and completes checksums.
@NullMarked
package dev.ringtail.pcap.frame;

import org.jspecify.annotations.NullMarked;
