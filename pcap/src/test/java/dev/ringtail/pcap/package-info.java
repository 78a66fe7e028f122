/// Tests of the link types.
@NullMarked
package dev.ringtail.pcap;

import org.jspecify.annotations.NullMarked;
