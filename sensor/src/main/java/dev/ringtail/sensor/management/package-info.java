/// What the management endpoint tells of a sensor: its ledger as metrics, and whether packets are
/// captured and published. Reads what others count, when somebody asks.
@NullMarked
package dev.ringtail.sensor.management;

import org.jspecify.annotations.NullMarked;
