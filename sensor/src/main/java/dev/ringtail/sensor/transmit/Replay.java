package dev.ringtail.sensor.transmit;

import dev.ringtail.cli.FileFaults;
import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.pcap.file.CaptureFormatException;
import dev.ringtail.sensor.config.InvalidConfigException;
import dev.ringtail.sensor.lane.VlanTag;
import dev.ringtail.sensor.linux.SyscallException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Sends the frames of a capture file at a pace. One thread, one run.
///
/// What is due goes to the device together; in between the thread sleeps. A cut frame is sent as
/// far as the file has it.
final class Replay {
    private static final long PROGRESS_INTERVAL_NS = TimeUnit.SECONDS.toNanos(2);

    /// How soon a request to stop is noticed between two frames.
    private static final long MAX_SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /// What to send of a file.
    ///
    /// @param linkType LINKTYPE_* of the interface
    /// @param passes how often the file is read; 0 for until the end is asked for
    /// @param maxPackets most frames given to the sink; 0 for no limit
    /// @param announcement what is said when the file has a frame for the interface
    record Plan(
            Path file,
            int linkType,
            ReplayFilter filter,
            int passes,
            long maxPackets,
            String announcement) {}

    private final Plan plan;
    private final Pacer pacer;
    private final FrameSink sink;
    private final TransmitCounters counters;
    private final PrintWriter err;
    private final BooleanSupplier stopRequested;

    private final Tally read = new Tally();
    private final Tally filteredOut = new Tally();
    private final Tally cut = new Tally();
    private boolean announced;
    private long given;
    private @Nullable String fault;
    private long startNs;
    private long nextProgressNs;

    /// @param sink one that copies a frame at once, as [RingSink] does
    /// @param counters where the sink counts
    /// @param err for progress
    /// @param stopRequested asked again and again; once true it ends the replay early
    Replay(
            Plan plan,
            Pacer pacer,
            FrameSink sink,
            TransmitCounters counters,
            PrintWriter err,
            BooleanSupplier stopRequested) {
        this.plan = plan;
        this.pacer = pacer;
        this.sink = sink;
        this.counters = counters;
        this.err = err;
        this.stopRequested = stopRequested;
    }

    /// Sends the file.
    ///
    /// @return what became of it; an interface that goes away ends it early, as a fault
    /// @throws InvalidConfigException where the file's first frame does not suit the interface
    /// @throws TransmitException where the file can't be read
    ReplayReport run() {
        startNs = System.nanoTime();
        nextProgressNs = startNs + PROGRESS_INTERVAL_NS;
        boolean more = true;
        for (int pass = 0; more && (plan.passes() == 0 || pass < plan.passes()); pass++) {
            long readBefore = read.packets();
            more = pass() && read.packets() > readBefore;
            pacer.nextPass();
        }
        sink.flush();
        @Nullable SyscallException failure = sink.failure();
        if (failure != null) {
            fault = failure.getMessage();
        }
        Duration duration = Duration.ofNanos(System.nanoTime() - startNs);
        return new ReplayReport(read, filteredOut, cut, counters, duration, fault);
    }

    /// @return false where the replay is to end
    private boolean pass() {
        try (CaptureFileReader reader = CaptureFileReader.open(plan.file())) {
            while (!stopRequested.getAsBoolean()) {
                if (plan.maxPackets() > 0 && given == plan.maxPackets()) {
                    return false;
                }
                if (!reader.next()) {
                    return true;
                }
                if (!frame(reader)) {
                    return false;
                }
            }
            return false;
        } catch (CaptureFormatException e) {
            // What came before is sent; a further pass finds the same place.
            fault = e.getMessage();
            return true;
        } catch (IOException e) {
            throw new TransmitException(
                    "Can't read " + plan.file() + ": " + FileFaults.reason(e), e);
        }
    }

    /// @return false where the end was asked for before it was due, or nothing can be sent any more
    private boolean frame(CaptureFileReader reader) {
        int length = reader.dataLength();
        if (!suits(reader.linkType())) {
            refuse(reader);
            return true;
        }
        boolean wanted = plan.filter().accepts(reader);
        if (!announced) {
            announced = true;
            err.println(plan.announcement());
            err.flush();
        }
        if (!wanted) {
            read.add(1, length);
            filteredOut.add(1, length);
            return true;
        }
        if (!awaitDue(startNs + pacer.nextDueNs(reader.timestampNs()))) {
            return false;
        }
        read.add(1, length);
        if (length < reader.originalLength()) {
            cut.add(1, length);
        }
        given++;
        sink.send(MemorySegment.ofArray(reader.data()), reader.dataOffset(), length, VlanTag.NONE);
        return sink.failure() == null;
    }

    private boolean suits(int fileLinkType) {
        return fileLinkType == plan.linkType()
                || plan.linkType() == LinkType.RAW
                        && (fileLinkType == LinkType.IPV4 || fileLinkType == LinkType.IPV6);
    }

    private void refuse(CaptureFileReader reader) {
        String name = LinkType.name(reader.linkType());
        if (read.packets() == 0) {
            throw new InvalidConfigException(
                    plan.file().toString(),
                    "its frames have link type %s, and the interface takes %s"
                            .formatted(name, LinkType.name(plan.linkType())));
        }
        read.add(1, reader.dataLength());
        counters.notSent("linkType " + name, 1, reader.dataLength());
    }

    private boolean awaitDue(long dueNs) {
        long nowNs = System.nanoTime();
        if (dueNs - nowNs > 0) {
            // While nothing is due the device has time for what was.
            sink.flush();
        }
        while (true) {
            nowNs = System.nanoTime();
            if (nowNs - nextProgressNs >= 0) {
                sayProgress(nowNs, dueNs);
            }
            long leftNs = dueNs - nowNs;
            if (leftNs <= 0) {
                return true;
            }
            if (stopRequested.getAsBoolean()) {
                return false;
            }
            LockSupport.parkNanos(this, Math.min(leftNs, MAX_SLEEP_NS));
        }
    }

    private void sayProgress(long nowNs, long dueNs) {
        nextProgressNs = nowNs + PROGRESS_INTERVAL_NS;
        long waitS = TimeUnit.NANOSECONDS.toSeconds(dueNs - nowNs);
        err.printf(
                Locale.ROOT,
                "sent %,d packets, %,d bytes; not sent %,d%s%n",
                counters.sent().packets(),
                counters.sent().bytes(),
                counters.notSentPackets(),
                waitS > 0 ? ", the next is due in %,d s".formatted(waitS) : "");
        err.flush();
    }
}
