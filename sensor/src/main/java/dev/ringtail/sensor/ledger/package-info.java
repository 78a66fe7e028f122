/// The ledger of a session: what became of every packet, counted by those who saw it, and checked.
///
/// Lanes count in [LaneCounters], the publisher in [DeliveryCounters], each without reading the
/// other; [Ledger] puts both into a report, and [dev.ringtail.schema.Balance] tells whether they
/// agree.
@NullMarked
package dev.ringtail.sensor.ledger;

import org.jspecify.annotations.NullMarked;
