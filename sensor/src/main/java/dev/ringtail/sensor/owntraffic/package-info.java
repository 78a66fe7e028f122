/// Knows this process's own connections to Kafka before their first byte, so that a capture can
/// leave them out exactly. Uses the JDK, and gives capabilities up.
@NullMarked
package dev.ringtail.sensor.owntraffic;

import org.jspecify.annotations.NullMarked;
