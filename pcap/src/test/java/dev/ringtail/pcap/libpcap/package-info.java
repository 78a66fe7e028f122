/// Tests of filters against tcpdump.
@NullMarked
package dev.ringtail.pcap.libpcap;

import org.jspecify.annotations.NullMarked;
