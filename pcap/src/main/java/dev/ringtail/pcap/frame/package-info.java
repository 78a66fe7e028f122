/// Reads the headers of a captured frame where it lies, without an object per packet.
@NullMarked
package dev.ringtail.pcap.frame;

import org.jspecify.annotations.NullMarked;
