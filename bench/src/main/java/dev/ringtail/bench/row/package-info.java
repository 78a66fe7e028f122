/// The rows of the table: each says what it measures, against whom, and which bar and goal the
/// ratio has to meet.
@NullMarked
package dev.ringtail.bench.row;

import org.jspecify.annotations.NullMarked;
