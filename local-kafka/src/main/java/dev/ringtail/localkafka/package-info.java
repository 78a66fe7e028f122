/// A single-node Kafka in this JVM: real broker and controller (KRaft), for the demo, for a
/// newcomer without Kafka, and for tests. All use of Kafka's server internals, which carry no
/// promise of compatibility, is in this package.
@NullMarked
package dev.ringtail.localkafka;

import org.jspecify.annotations.NullMarked;
