/// The whole of Ringtail in one process, for a first look: Kafka, traffic, the sensor, the flow
/// analysis and the export.
@NullMarked
package dev.ringtail.demo;

import org.jspecify.annotations.NullMarked;
