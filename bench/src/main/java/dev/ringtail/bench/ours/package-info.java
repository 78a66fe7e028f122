/// Ringtail as processes to measure: the lanes alone, and the whole sensor.
@NullMarked
package dev.ringtail.bench.ours;

import org.jspecify.annotations.NullMarked;
