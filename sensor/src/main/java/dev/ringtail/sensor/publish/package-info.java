/// Puts packet batches, reports and schemas into Kafka.
///
/// [TopicSetup] makes the topics or checks them, [SchemaPublisher] writes what readers need before
/// the first batch, [Publisher] takes batches from the lanes and accounts for the outcome of each,
/// [ReportPublisher] writes the ledger, and [KafkaDestination] puts them together. Nothing here
/// sees a ring.
@NullMarked
package dev.ringtail.sensor.publish;

import org.jspecify.annotations.NullMarked;
