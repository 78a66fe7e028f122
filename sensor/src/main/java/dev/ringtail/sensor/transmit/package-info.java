/// Putting frames onto an interface, or into datagrams: `ringtail replay` and `ringtail forward`.
@NullMarked
package dev.ringtail.sensor.transmit;

import org.jspecify.annotations.NullMarked;
