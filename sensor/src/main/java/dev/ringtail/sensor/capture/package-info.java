/// The interfaces that a sensor captures, through all that happens to them: which links are meant,
/// their rings and lanes, what becomes of these when a link goes down, away or comes anew, and the
/// change of a filter while packets come. Sees no Kafka: lanes hand their batches to a sink.
@NullMarked
package dev.ringtail.sensor.capture;

import org.jspecify.annotations.NullMarked;
