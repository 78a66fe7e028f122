/// tcpdump's filter language, compiled and run by libpcap through the foreign function interface.
///
/// libpcap is looked for at the first use only: everything else works without it.
@NullMarked
package dev.ringtail.pcap.libpcap;

import org.jspecify.annotations.NullMarked;
