/// A capture lane: one ring, one thread, that copies frames out of the ring into packet batches and
/// hands closed batches over. Knows nothing of Kafka.
@NullMarked
package dev.ringtail.sensor.lane;

import org.jspecify.annotations.NullMarked;
