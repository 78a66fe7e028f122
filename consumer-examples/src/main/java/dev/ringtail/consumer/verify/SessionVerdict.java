package dev.ringtail.consumer.verify;

import java.util.List;

/// The audit of one session: what its ledger claims, and what the topic holds.
///
/// @param session sensor and session
/// @param present distinct packets in the topic
/// @param expired packets that the topic had and has deleted with age
/// @param duplicates packets that are in the topic once more
/// @param missing packets that were acknowledged and are not there
/// @param acknowledged packets that Kafka acknowledged, by the ledger
/// @param unknown packets of which the ledger does not know whether Kafka has them
/// @param verdict in a word or two
/// @param problems each with stream and numbers; empty if all packets are accounted for
record SessionVerdict(
        String session,
        long present,
        long expired,
        long duplicates,
        long missing,
        long acknowledged,
        long unknown,
        String verdict,
        List<String> problems) {}
