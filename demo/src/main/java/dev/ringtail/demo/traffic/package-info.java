/// Harmless traffic over the loopback interface: HTTP, DNS and bulk transfers that the demo
/// captures.
///
/// Servers and clients are plain sockets: channels of `java.nio.channels` that connect through the
/// sensor's SelectorProvider count as the sensor's own traffic and would stay out of the capture.
@NullMarked
package dev.ringtail.demo.traffic;

import org.jspecify.annotations.NullMarked;
