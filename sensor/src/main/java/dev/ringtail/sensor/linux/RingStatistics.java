package dev.ringtail.sensor.linux;

/// One reading of PACKET_STATISTICS (`struct tpacket_stats_v3`).
///
/// @param packets packets that passed the filter, the dropped ones among them (`tp_packets`)
/// @param drops packets for which the ring had no room (`tp_drops`)
/// @param freezes times the ring was found full (`tp_freeze_q_cnt`)
public record RingStatistics(long packets, long drops, long freezes) {}
