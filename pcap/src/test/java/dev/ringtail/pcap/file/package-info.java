/// Tests of capture files: built byte by byte, made by other programs, cut off and corrupt.
@NullMarked
package dev.ringtail.pcap.file;

import org.jspecify.annotations.NullMarked;
