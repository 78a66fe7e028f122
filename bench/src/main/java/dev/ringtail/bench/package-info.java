/// Benchmarks: JMH for the hot path's parts.
@NullMarked
package dev.ringtail.bench;

import org.jspecify.annotations.NullMarked;
