/// JMH benchmarks of parts: nanoseconds, and bytes allocated, for each operation and packet.
@NullMarked
package dev.ringtail.bench.micro;

import org.jspecify.annotations.NullMarked;
