package dev.ringtail.consumer.export;

import dev.ringtail.consumer.CommandException;
import dev.ringtail.consumer.Interruption;
import dev.ringtail.consumer.KafkaOptions;
import dev.ringtail.consumer.OffsetRange;
import dev.ringtail.consumer.ReportTopic;
import dev.ringtail.consumer.TopicReader;
import dev.ringtail.consumer.TroubleLines;
import dev.ringtail.consumer.WriterSchemas;
import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.file.CaptureFormatException;
import dev.ringtail.pcap.file.CaptureWriter;
import dev.ringtail.schema.BatchFormatException;
import dev.ringtail.schema.SensorReport;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;

/// One export, from the topic into a capture file.
///
/// Where the output can be taken back the file is written while the topic is read ([OnePass]). If
/// that turns out to be impossible, because batches come too late or too many, or if the export has
/// an end within the topic, it takes two passes: the first reads the range's records and keeps of
/// each batch where it is and what its numbers are; the second fetches them in the order in which
/// they are needed. The file is the same. Memory is that of the index, of the stash, of what comes
/// back from a [SpillFile], and of what the Kafka client fetches ahead. A disk has room for those
/// and, where it has plenty, for [KeptBatches].
final class Exporter {
    private static final Logger LOGGER = LoggerFactory.getLogger(Exporter.class);

    /// No disk should be filled to save time.
    private static final long MAX_KEPT_BYTES = 1L << 30;

    private final KafkaOptions kafka;
    private final ExportQuery query;
    private final CaptureFormat format;
    private final @Nullable Integer mtu;
    private final long stashBytes;
    private final PrintWriter err;
    private final Interruption interruption;
    private final WriterSchemas schemas;
    private final UnreadableBatches unreadable;
    private final Progress progress;
    private boolean withoutReports;
    private boolean cutShort;

    /// @param mtu most bytes of an IP packet; null where packets are written as they were captured
    /// @param stashBytes most bytes of batches to keep in memory
    /// @param err for what the user is told
    Exporter(
            KafkaOptions kafka,
            ExportQuery query,
            CaptureFormat format,
            @Nullable Integer mtu,
            long stashBytes,
            PrintWriter err,
            Interruption interruption) {
        this.kafka = kafka;
        this.query = query;
        this.format = format;
        this.mtu = mtu;
        this.stashBytes = stashBytes;
        this.err = err;
        this.interruption = interruption;
        this.schemas = new WriterSchemas(kafka);
        this.unreadable = new UnreadableBatches(kafka.topics().packets(), err);
        this.progress = new Progress(err);
    }

    /// Runs the export.
    ///
    /// @param output name of a file, or `-`
    /// @param follow whether to go on behind the topic's end
    /// @return whether every batch could be read, and the export was not ended before its end
    /// @throws CommandException if Kafka or the output fails
    boolean run(String output, boolean follow) {
        try (TopicReader reader = reader(follow);
                PacketFilters filters = new PacketFilters(query.filter(), this::say)) {
            if (reader == null) {
                return true;
            }
            List<OffsetRange> everything = reader.everything();
            tellOfExpired(reader, everything);
            SessionLedgers ledgers = new SessionLedgers(this::reports, follow);
            if (follow || !writeInOnePass(reader, everything, ledgers, filters, output)) {
                writeInTwoPasses(reader, everything, ledgers, filters, output, follow);
            }
        }
        return unreadable.count() == 0 && !cutShort;
    }

    /// What Kafka has deleted was older than what is left, so it may have been of a range that
    /// begins before that. Where nothing is left, nobody knows how old it was; that is told only
    /// where no beginning is given, else quiet partitions would have each export of the last
    /// minutes warn.
    private void tellOfExpired(TopicReader reader, List<OffsetRange> everything) {
        List<OffsetRange> shortened =
                everything.stream()
                        .filter(range -> range.first() > 0)
                        .filter(range -> !query.hasFrom() || !range.isEmpty())
                        .toList();
        if (shortened.isEmpty()) {
            return;
        }
        List<OffsetRange> wanted = RangePlan.fromStart(reader, shortened, query).ranges();
        long expired = wanted.stream().filter(shortened::contains).count();
        if (expired > 0) {
            say(
                    "retention has deleted the oldest batches of %d of %d partitions of %s: packets"
                                    .formatted(expired, everything.size(), reader.topic())
                            + " of the range may be gone; `ringtail verify` counts them");
        }
    }

    /// Writes the file while the topic is read, where that can be taken back.
    ///
    /// @return false if two passes are needed, and nothing is left of this one
    private boolean writeInOnePass(
            TopicReader reader,
            List<OffsetRange> everything,
            SessionLedgers ledgers,
            PacketFilters filters,
            String output) {
        // With an end to find, by time or by number, most of the topic need not be read.
        boolean hasEnd = query.hasTo() || query.maxPackets() != Long.MAX_VALUE;
        if (hasEnd || !OutputTarget.isRevocable(output)) {
            return false;
        }
        OnePass pass =
                new OnePass(
                        reader,
                        query,
                        schemas,
                        stashBytes,
                        unreadable,
                        linkTypes -> checkLinkTypes(linkTypes, filters),
                        interruption::isRequested);
        try (OutputTarget target = OutputTarget.open(output, false)) {
            RangePlan plan = RangePlan.fromStart(reader, everything, query);
            return write(
                    target,
                    false,
                    ledgers,
                    filters,
                    (sink, export) -> check(pass.write(plan.ranges(), export), ledgers));
        } catch (OutOfOrderException e) {
            return giveUpOnePass(
                    "packets are not in the topic in order of time, as after imports or an outage",
                    e);
        } catch (BatchFormatException e) {
            return giveUpOnePass("the topic holds a corrupt batch", e);
        }
    }

    private boolean giveUpOnePass(String reason, RuntimeException cause) {
        LOGGER.debug("two passes are needed", cause);
        progress.end();
        say(reason + ": beginning anew, in two passes");
        return false;
    }

    private void writeInTwoPasses(
            TopicReader reader,
            List<OffsetRange> everything,
            SessionLedgers ledgers,
            PacketFilters filters,
            String output,
            boolean follow) {
        IndexedRange range =
                new RangeIndexer(
                                reader,
                                query,
                                schemas,
                                stashBytes,
                                err,
                                progress,
                                interruption::isRequested)
                        .index(everything, ledgers.reports(), unreadable);
        if (!follow) {
            check(range.sources(), ledgers);
        }
        checkLinkTypes(range.linkTypes(), filters);
        StreamNumbers numbers = new StreamNumbers();
        try (OutputTarget target = OutputTarget.open(output, follow)) {
            write(
                    target,
                    follow,
                    ledgers,
                    filters,
                    (sink, export) -> {
                        Path folder = target.temporaryFolder();
                        try (SpillFile spillFile = new SpillFile(folder, stashBytes / 4);
                                KeptBatches kept = new KeptBatches(folder, MAX_KEPT_BYTES)) {
                            export.write(
                                    PacketMerge.ofAll(
                                            numbers.advance(range.index(), query),
                                            loader(reader, range, spillFile, kept)));
                        }
                        if (follow) {
                            sink.flush();
                            new Follower(
                                            reader,
                                            query,
                                            schemas,
                                            stashBytes,
                                            unreadable,
                                            new TroubleLines("the export", err, System::nanoTime),
                                            interruption::isRequested)
                                    .follow(everything, numbers, export, sink::flush);
                        }
                    });
        }
    }

    /// Finds out whether the sensor and interface that are asked for exist.
    private void check(PacketSources sources, SessionLedgers ledgers) {
        if (!interruption.isRequested()) {
            sources.addReported(ledgers.reports(), query);
            sources.check(query);
        }
    }

    private @Nullable TopicReader reader(boolean follow) {
        String topic = kafka.topics().packets();
        return follow
                ? TopicReader.await(kafka, topic, this::say, interruption::isRequested)
                : TopicReader.open(kafka, topic);
    }

    private void say(String text) {
        err.println(text);
        err.flush();
    }

    /// The ledgers; without them an export goes on, but knows less, and says so once.
    private Collection<SensorReport> reports() {
        try {
            return ReportTopic.newest(kafka, schemas, err::println);
        } catch (CommandException e) {
            if (!withoutReports) {
                err.println("without ledger reports: " + e.getMessage());
                withoutReports = true;
            }
            return List.of();
        }
    }

    /// Finds out before anything is written what cannot be written.
    private void checkLinkTypes(SortedSet<Integer> linkTypes, PacketFilters filters) {
        if (format == CaptureFormat.PCAP && linkTypes.size() > 1) {
            throw new CommandException(
                    "a pcap file has one link type, but there are packets of "
                            + linkTypes.stream()
                                    .map(LinkType::name)
                                    .collect(Collectors.joining(", "))
                            + ": write pcapng, or choose by --sensor or --interface");
        }
        filters.prepare(linkTypes);
    }

    /// Writes the packets of a file.
    @FunctionalInterface
    private interface Body {
        void write(CaptureSink sink, MergedExport export) throws IOException;
    }

    /// @param endless whether an interruption is how the export ends, not what cuts it short
    /// @return false if whoever reads the output has given up
    private boolean write(
            OutputTarget target,
            boolean endless,
            SessionLedgers ledgers,
            PacketFilters filters,
            Body body) {
        long leftOutBefore = filters.leftOut();
        try {
            CaptureWriter writer = format.writer(target.stream());
            // Of this writing alone: what an earlier one counted, which came to nothing, is not
            // told.
            Resegmenter resegmenter = mtu == null ? null : new Resegmenter(mtu);
            CaptureSink sink = new CaptureSink(writer, query, ledgers, resegmenter);
            MergedExport export =
                    new MergedExport(query, filters, sink, progress, interruption::isRequested);
            try {
                body.write(sink, export);
                cutShort = !endless && interruption.isRequested();
                if (cutShort && target.isRevocable()) {
                    progress.end();
                    say(
                            "interrupted after %d packets: %s is not written"
                                    .formatted(sink.packetCount(), target.name()));
                    return true;
                }
                sink.writeStatistics();
            } catch (CaptureFormatException | RuntimeException e) {
                if (!target.isRevocable()) {
                    finish(sink, writer, e);
                }
                throw e;
            }
            writer.close();
            target.commit();
            tell(sink, export, filters.leftOut() - leftOutBefore, resegmenter);
            if (cutShort) {
                say("interrupted: that is not all of the export");
            }
            return true;
        } catch (CaptureFormatException e) {
            throw new CommandException(e.getMessage() + "", e);
        } catch (IOException e) {
            if (target.isReaderGone(e)) {
                return false;
            }
            throw target.cannotWrite(e);
        }
    }

    /// Ends a file that keeps what was written before a failure.
    private static void finish(CaptureSink sink, CaptureWriter writer, Exception failure) {
        try (writer) {
            sink.writeKnownStatistics();
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private BatchLoader loader(
            TopicReader reader, IndexedRange range, SpillFile spillFile, KeptBatches kept) {
        Set<Integer> loaded = new HashSet<>();
        TopicBatchFetcher fetcher =
                new TopicBatchFetcher(reader, range.index(), range.stash(), kept, loaded);
        return new BatchLoader(
                range.index(),
                range.stash(),
                fetcher,
                cursor -> kept.makeWayFor(() -> cursor.spill(spillFile)),
                schemas,
                unreadable,
                loaded::add);
    }

    /// @param leftOut packets that the filter could not be asked about
    private void tell(
            CaptureSink sink,
            MergedExport export,
            long leftOut,
            @Nullable Resegmenter resegmenter) {
        progress.end();
        if (sink.packetCount() == 0) {
            err.println("no packets in the range that match");
        }
        err.printf(
                "%d packets, %d bytes, %s, %s; %d missing, %d duplicates, %d unreadable batches%n",
                sink.packetCount(),
                sink.dataBytes(),
                counted(sink.sensorCount(), "sensor"),
                counted(sink.interfaceCount(), "interface"),
                export.missing(),
                export.duplicates(),
                unreadable.count());
        if (sink.lost() > 0) {
            err.printf(
                    "warning: the ledgers of these sessions count %d packets that were lost before"
                            + " the topic%s%n",
                    sink.lost(),
                    format == CaptureFormat.PCAPNG
                            ? "; the file's interface statistics say where"
                            : "");
        }
        if (leftOut > 0) {
            err.println(
                    counted(leftOut, "packet") + " left out, to which the filter can't be applied");
        }
        if (resegmenter != null) {
            err.println(resegmenter.summary());
        }
        err.flush();
    }

    private static String counted(long count, String unit) {
        return count + " " + unit + (count == 1 ? "" : "s");
    }
}
