package dev.ringtail.sensor.record;

import dev.ringtail.schema.WireFormat;
import dev.ringtail.sensor.config.InvalidConfigException;
import dev.ringtail.sensor.config.RecordConfig;
import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.delivery.BatchDestination;
import dev.ringtail.sensor.delivery.BatchSink;
import dev.ringtail.sensor.ledger.Ledger;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/// pcapng files as the destination of a session's batches.
public final class FileDestination implements BatchDestination {
    /// How late the kernel's timer, a lane that waits in poll(2), and a busy machine may make a
    /// batch.
    private static final Duration DELAY_MARGIN = Duration.ofMillis(150);

    private final RecordConfig record;
    private final long heldBytes;
    private final Duration laneDelay;

    private FileDestination(RecordConfig record, long heldBytes, Duration laneDelay) {
        this.record = record;
        this.heldBytes = heldBytes;
        this.laneDelay = laneDelay;
    }

    /// Looks whether the file can be written, as far as that can be told without creating it.
    ///
    /// @throws InvalidConfigException where it can't
    public static FileDestination prepare(SensorConfig config) {
        RecordConfig record = config.record();
        if (!record.toStandardOutput()) {
            check(Path.of(record.file()).toAbsolutePath());
        }
        return new FileDestination(
                record,
                config.batch().memory().bytes() / 2,
                config.batch()
                        .maxAge()
                        .duration()
                        .plus(config.ring().blockTimeout().duration())
                        .plus(DELAY_MARGIN));
    }

    private static void check(Path file) {
        Path folder = file.resolveSibling(".");
        if (Files.isDirectory(file)) {
            throw cannotWrite(file, "it is a folder");
        }
        if (!Files.isDirectory(folder)) {
            throw cannotWrite(file, "no such folder");
        }
        if (!Files.isWritable(Files.exists(file) ? file : folder)) {
            throw cannotWrite(file, "permission denied, or a read-only file system");
        }
    }

    private static InvalidConfigException cannotWrite(Path file, String problem) {
        return new InvalidConfigException("record.file", file + ": " + problem);
    }

    /// One, since in a file there is nothing to spread packets over.
    @Override
    public int partitionCount() {
        return 1;
    }

    @Override
    public int maxBatchBytes() {
        return Integer.MAX_VALUE;
    }

    @Override
    public WireFormat wireFormat() {
        return WireFormat.SINGLE_OBJECT;
    }

    @Override
    public String weakened() {
        return "";
    }

    @Override
    public List<String> warnings() {
        return List.of();
    }

    @Override
    public String description() {
        if (record.toStandardOutput()) {
            return "standard output";
        }
        StringBuilder text = new StringBuilder(record.file());
        if (record.rotates()) {
            text.append(", numbered, another");
            if (record.rotatesBySize()) {
                text.append(" each ").append(record.rotateSize());
            }
            if (record.rotatesByTime()) {
                text.append(record.rotatesBySize() ? " or " : " each ")
                        .append(record.rotateEvery());
            }
        }
        if (record.keepFiles() > 0) {
            text.append(", the last ").append(record.keepFiles()).append(" kept");
        }
        return text.toString();
    }

    @Override
    public BatchSink open(Ledger ledger, int batchBytes) {
        Recording recording =
                new Recording(
                        record,
                        new FileSeries(record, Clock.system(ZoneId.systemDefault())),
                        () -> ledger.snapshot(false));
        return new Recorder(recording, ledger, heldBytes, laneDelay);
    }
}
