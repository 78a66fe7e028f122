/// The sensor: puts rings, lanes, publisher and ledger together, and its command line.
@NullMarked
package dev.ringtail.sensor;

import org.jspecify.annotations.NullMarked;
