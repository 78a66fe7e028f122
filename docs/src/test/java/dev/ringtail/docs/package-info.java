/// What the pages say, held against what the commands do.
@NullMarked
package dev.ringtail.docs;

import org.jspecify.annotations.NullMarked;
