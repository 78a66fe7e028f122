package dev.ringtail.sensor.record;

import dev.ringtail.sensor.config.RecordConfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;

/// The files of a recording, one after the other: the one that was named or, where there may be
/// several, dumpcap's `NAME_NNNNN_YYYYMMDDhhmmss.SUFFIX` with the number from 1 and local time.
///
/// Where their number is bounded, the oldest is deleted before the next is created.
final class FileSeries {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

    private final RecordConfig config;
    private final Clock clock;
    private final Deque<Path> kept = new ArrayDeque<>();
    private int number;

    /// @param clock gives the time and zone for the names
    FileSeries(RecordConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /// Creates the next file.
    ///
    /// @throws RecordException if that fails, or the oldest can't be deleted
    OutputFile next() {
        if (config.toStandardOutput()) {
            return OutputFile.standardOutput();
        }
        Path file = Path.of(config.file());
        if (config.rotates()) {
            number++;
            file = file.resolveSibling(numbered(file.getFileName().toString()));
            deleteOldest();
            kept.add(file);
        }
        try {
            return OutputFile.create(file);
        } catch (IOException e) {
            throw RecordException.cannotWrite(file.toString(), e);
        }
    }

    private String numbered(String name) {
        int dot = name.lastIndexOf('.');
        int end = dot <= 0 ? name.length() : dot;
        return "%s_%05d_%s%s"
                .formatted(
                        name.substring(0, end),
                        number,
                        TIME.format(LocalDateTime.now(clock)),
                        name.substring(end));
    }

    private void deleteOldest() {
        if (config.keepFiles() == 0 || kept.size() < config.keepFiles()) {
            return;
        }
        Path oldest = kept.remove();
        try {
            Files.deleteIfExists(oldest);
        } catch (IOException e) {
            throw RecordException.cannotDelete(oldest, e);
        }
    }
}
