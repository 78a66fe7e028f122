/// What every measurement stands on: namespaces, processes and what they cost, repetitions of
/// trials in turn, and what came out of them. Knows no row and no program by name.
@NullMarked
package dev.ringtail.bench.rig;

import org.jspecify.annotations.NullMarked;
