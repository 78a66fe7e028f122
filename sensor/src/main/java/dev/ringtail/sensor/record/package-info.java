/// Puts packet batches into pcapng files, or to standard output, without any Kafka.
///
/// [Recorder] takes the lanes' batches, [LaneMerge] puts their packets in order, [Recording] begins
/// and ends files, [CaptureFile] is one of them, and [OutputFile] sees to it that nothing
/// half-written stays in it. Nothing here sees Kafka.
@NullMarked
package dev.ringtail.sensor.record;

import org.jspecify.annotations.NullMarked;
