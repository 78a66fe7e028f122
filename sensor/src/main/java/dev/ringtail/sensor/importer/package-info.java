/// `ringtail import`: brings capture files into Kafka through the sensor's own batch path.
@NullMarked
package dev.ringtail.sensor.importer;

import org.jspecify.annotations.NullMarked;
