/// The programs that Ringtail is measured against, as processes: each says whether this machine has
/// it, how it is started, and what it counted.
@NullMarked
package dev.ringtail.bench.peer;

import org.jspecify.annotations.NullMarked;
