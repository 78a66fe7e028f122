/// Where the lanes' batches go: into Kafka, or into a file. Capture knows these two interfaces and
/// nothing of what is behind them.
@NullMarked
package dev.ringtail.sensor.delivery;

import org.jspecify.annotations.NullMarked;
