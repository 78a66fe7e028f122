package dev.ringtail.consumer.export;

import java.util.SortedSet;

/// The outcome of an export's first pass.
///
/// @param index the batches
/// @param stash those of their values that found room
/// @param linkTypes LINKTYPE_* of the wanted batches
/// @param sources of the batches, whether wanted or not
record IndexedRange(
        BatchIndex index, Stash stash, SortedSet<Integer> linkTypes, PacketSources sources) {}
