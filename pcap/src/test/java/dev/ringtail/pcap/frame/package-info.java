/// Tests of frame parsing: tables, tshark as the oracle, seeded noise.
@NullMarked
package dev.ringtail.pcap.frame;

import org.jspecify.annotations.NullMarked;
