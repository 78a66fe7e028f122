/// What makes load: frames injected into the kernel's receive path, or transmitted by a ring; and
/// capture files and topics for readers.
@NullMarked
package dev.ringtail.bench.load;

import org.jspecify.annotations.NullMarked;
