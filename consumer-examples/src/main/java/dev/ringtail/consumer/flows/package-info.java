/// Flow analysis: a Kafka Streams application that turns packet batches into flow records, and the
/// `flows` command over it.
///
/// Start reading at [FlowAnalysis] (the application), then [FlowProcessor] (one batch) and
/// [BatchAggregator] (one packet).
@NullMarked
package dev.ringtail.consumer.flows;

import org.jspecify.annotations.NullMarked;
