/// What the tests of several commands share.
@NullMarked
package dev.ringtail.consumer.testing;

import org.jspecify.annotations.NullMarked;
