/// Capture files, frames and libpcap's filters; uses nothing but the JDK.
@NullMarked
package dev.ringtail.pcap;

import org.jspecify.annotations.NullMarked;
