/// Export of packets from the packets topic into capture files, in capture order, each packet once.
@NullMarked
package dev.ringtail.consumer.export;

import org.jspecify.annotations.NullMarked;
