package dev.ringtail.consumer.export;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The gaps in the capture of one interface of a sensor, each told once: at the first packet after
/// its end, or at the export's end.
final class InterfaceGaps {
    private final Set<Start> told = new HashSet<>();
    private final List<CaptureGap> untold = new ArrayList<>();
    private long nextEndNs = Long.MAX_VALUE;

    /// What stays the same of a gap when its end becomes known.
    private record Start(String sessionId, long fromNs) {
        static Start of(CaptureGap gap) {
            return new Start(gap.sessionId(), gap.fromNs());
        }
    }

    /// Takes the gaps as the newest ledgers have them.
    void update(List<CaptureGap> gaps) {
        untold.clear();
        gaps.stream().filter(gap -> !told.contains(Start.of(gap))).forEach(untold::add);
        untold.sort(Comparator.comparingLong(CaptureGap::toNs));
        findNextEnd();
    }

    /// Whether a gap is to be told at a packet of this time; cheap enough for each packet.
    boolean isDue(long timestampNs) {
        return timestampNs >= nextEndNs;
    }

    /// The gaps that ended at or before a packet's time, in words.
    List<String> takeDue(long timestampNs) {
        return take(untold.stream().filter(gap -> gap.toNs() <= timestampNs).toList());
    }

    /// The gaps that were not told, in words.
    List<String> takeUntold() {
        return take(List.copyOf(untold));
    }

    private List<String> take(List<CaptureGap> gaps) {
        gaps.forEach(gap -> told.add(Start.of(gap)));
        untold.removeAll(gaps);
        findNextEnd();
        return gaps.stream().map(CaptureGap::describe).toList();
    }

    private void findNextEnd() {
        nextEndNs = untold.isEmpty() ? Long.MAX_VALUE : untold.getFirst().toNs();
    }
}
