/// The TPACKET_V3 ring: its geometry, the block protocol between kernel and reader, and the layout
/// of blocks and frames. Works on any native memory, so its tests need no privileges.
@NullMarked
package dev.ringtail.sensor.ring;

import org.jspecify.annotations.NullMarked;
