/// Commands that read what sensors wrote into Kafka: `export`, `verify`, `flows`; and what these
/// share.
@NullMarked
package dev.ringtail.consumer;

import org.jspecify.annotations.NullMarked;
