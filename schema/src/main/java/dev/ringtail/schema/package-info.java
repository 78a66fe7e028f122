/// The contract between sensors and consumers: Avro records, their wire format, the partition hash
/// and the topics' names.
@NullMarked
package dev.ringtail.schema;

import org.jspecify.annotations.NullMarked;
