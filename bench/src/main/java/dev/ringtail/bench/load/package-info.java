/// What makes load: frames injected into the kernel's receive path.
@NullMarked
package dev.ringtail.bench.load;

import org.jspecify.annotations.NullMarked;
