package dev.ringtail.sensor.capture;

import dev.ringtail.sensor.lane.BatchEncoder;
import dev.ringtail.sensor.ledger.LaneCounters;

/// What of a lane goes on from one attachment to the next: its number and counts, and its batches
/// with the numbers of their packets.
///
/// @param counters the lane's side of the ledger
/// @param batches the lane's batches
record LaneAccount(LaneCounters counters, BatchEncoder batches) {}
