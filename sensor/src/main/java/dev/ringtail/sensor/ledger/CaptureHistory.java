package dev.ringtail.sensor.ledger;

import dev.ringtail.schema.CaptureReport;
import dev.ringtail.schema.GapReport;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// When each interface of a session was captured, and when it could not be: attachments with their
/// beginning and end, and the gaps between.
///
/// Times are nanoseconds since 1970. Of what has ended the newest are kept, so that a report never
/// outgrows a Kafka record where links come and go for months. Callable from any thread.
public final class CaptureHistory {
    private static final int MAX_ENTRIES = 1_000;

    private final List<CaptureReport> captures = new ArrayList<>();
    private final List<GapReport> gaps = new ArrayList<>();

    /// Adds an attachment to an interface. Where it ends a gap, call [#regained] too.
    public synchronized void attached(CaptureReport capture) {
        makeRoom(captures, old -> old.getDetachedNs() != 0);
        captures.add(capture);
    }

    /// Takes an attachment back that came to nothing: no packet belongs to it.
    public synchronized void withdrawn(int captureId) {
        captures.removeIf(capture -> capture.getCaptureId() == captureId);
    }

    /// Notes that an attachment has ended. What follows is a gap only where [#lost] is called too.
    ///
    /// @param reason why, in words
    public synchronized void detached(int captureId, long timeNs, String reason) {
        captures.replaceAll(
                capture ->
                        capture.getCaptureId() == captureId
                                ? CaptureReport.newBuilder(capture)
                                        .setDetachedNs(timeNs)
                                        .setDetachReason(reason)
                                        .build()
                                : capture);
    }

    /// Begins a gap, or adds to the reasons of the one that has begun already.
    ///
    /// @param reason why nothing can be captured, in words
    public synchronized void lost(String interfaceName, long timeNs, String reason) {
        if (gaps.stream().noneMatch(gap -> isOpen(gap, interfaceName))) {
            makeRoom(gaps, old -> old.getToNs() != 0);
            gaps.add(new GapReport(interfaceName, timeNs, 0L, reason));
            return;
        }
        gaps.replaceAll(
                gap ->
                        isOpen(gap, interfaceName)
                                ? GapReport.newBuilder(gap)
                                        .setReason(gap.getReason() + ", then " + reason)
                                        .build()
                                : gap);
    }

    /// Ends the interface's gap, if there is one.
    public synchronized void regained(String interfaceName, long timeNs) {
        gaps.replaceAll(
                gap ->
                        isOpen(gap, interfaceName)
                                ? GapReport.newBuilder(gap).setToNs(timeNs).build()
                                : gap);
    }

    synchronized List<CaptureReport> captures() {
        return List.copyOf(captures);
    }

    synchronized List<GapReport> gaps() {
        return List.copyOf(gaps);
    }

    /// Gives up the oldest entry that has ended, where there are as many as may be.
    private static <T> void makeRoom(List<T> entries, Predicate<T> hasEnded) {
        if (entries.size() >= MAX_ENTRIES) {
            entries.stream().filter(hasEnded).findFirst().ifPresent(entries::remove);
        }
    }

    private static boolean isOpen(GapReport gap, String interfaceName) {
        return gap.getToNs() == 0 && gap.getInterfaceName().equals(interfaceName);
    }
}
