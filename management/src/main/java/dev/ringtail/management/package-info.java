/// The management endpoint that long-running commands may have: whether the process lives, whether
/// it does its work or why not, and its metrics, over HTTP. Packets are not to be had here, nor
/// anything out of them.
@NullMarked
package dev.ringtail.management;

import org.jspecify.annotations.NullMarked;
