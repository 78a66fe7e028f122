/// Knows this process's own connections to Kafka before their first byte, so that a capture can
/// leave them out exactly. Uses the JDK alone.
@NullMarked
package dev.ringtail.sensor.owntraffic;

import org.jspecify.annotations.NullMarked;
