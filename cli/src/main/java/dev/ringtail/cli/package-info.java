/// What the command lines of all modules have in common.
@NullMarked
package dev.ringtail.cli;

import org.jspecify.annotations.NullMarked;
