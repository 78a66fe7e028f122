package dev.ringtail.sensor.importer;

import dev.ringtail.cli.FileFaults;
import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.pcap.file.CaptureFormatException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/// What one reading of a whole capture file tells, before any of it is published.
///
/// @param sessionId made of the file's content alone: the same wherever and however compressed it
///   is imported
/// @param packetCount packets that can be read
/// @param oldestNs earliest capture time, nanoseconds since 1970; meaningless without packets
/// @param newestNs latest capture time
/// @param interfaces by the reader's interface index; those with packets
/// @param fault what makes the rest of the file unreadable; null where all of it is readable
record FileSurvey(
        String sessionId,
        long packetCount,
        long oldestNs,
        long newestNs,
        Map<Integer, SurveyedInterface> interfaces,
        @Nullable String fault) {
    private static final int SESSION_ID_LENGTH = 36;
    private static final int VERSION_AT = 14;

    /// Reads a file to its end.
    ///
    /// @param givenUp asked now and then; once true it ends the reading
    /// @return null if it was given up
    /// @throws UnreadableFileException if it can't be opened or is no capture file
    static @Nullable FileSurvey of(Path file, ImportProgress progress, BooleanSupplier givenUp) {
        refuseWhatCanNotBeReadTwice(file);
        MessageDigest digest = sha256();
        progress.begin("looking through", 0);
        try (CaptureFileReader reader = CaptureFileReader.open(file, digest)) {
            Scan scan = new Scan(fileName(file));
            if (!scan.read(reader, progress, givenUp)) {
                return null;
            }
            // What comes after a fault is a part of the content too.
            reader.drain();
            return new FileSurvey(
                    sessionId(digest.digest()),
                    scan.packetCount,
                    scan.oldestNs,
                    scan.newestNs,
                    scan.interfaces,
                    scan.fault);
        } catch (CaptureFormatException e) {
            throw new UnreadableFileException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UnreadableFileException("Can't read " + file + ": " + FileFaults.reason(e));
        }
    }

    private static void refuseWhatCanNotBeReadTwice(Path file) {
        if (!Files.exists(file)) {
            throw new UnreadableFileException("Can't read " + file + ": no such file");
        }
        if (!Files.isRegularFile(file)) {
            throw new UnreadableFileException(
                    "Can't import %s: it is %s; a file is read twice, first to see what is in it"
                            .formatted(
                                    file,
                                    Files.isDirectory(file) ? "a folder" : "a pipe or a device"));
        }
    }

    /// Capture time of the earliest packet; meaningless without packets.
    Instant oldest() {
        return Instant.ofEpochSecond(0, oldestNs);
    }

    /// Capture time of the latest packet; meaningless without packets.
    Instant newest() {
        return Instant.ofEpochSecond(0, newestNs);
    }

    static String fileName(Path file) {
        Path name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }

    /// A name-based UUID of version 8 (RFC 9562), from the first bits of a SHA-256.
    private static String sessionId(byte[] hash) {
        ByteBuffer bits = ByteBuffer.wrap(hash);
        long high = (bits.getLong() & ~0xf000L) | 0x8000L;
        long low = (bits.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    /// Whether a session may be a file's: a sensor's is a random UUID, of version 4.
    static boolean isSessionId(String session) {
        return session.length() == SESSION_ID_LENGTH && session.charAt(VERSION_AT) == '8';
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every JDK has SHA-256");
        }
    }

    /// Gathers while packets go by.
    private static final class Scan {
        private final String fileName;
        private final Map<Integer, SurveyedInterface> interfaces = new TreeMap<>();
        private long packetCount;
        private long oldestNs = Long.MAX_VALUE;
        private long newestNs = Long.MIN_VALUE;
        private @Nullable String fault;

        Scan(String fileName) {
            this.fileName = fileName;
        }

        /// Returns false if it was given up.
        boolean read(CaptureFileReader reader, ImportProgress progress, BooleanSupplier givenUp)
                throws IOException {
            try {
                while (reader.next()) {
                    if ((packetCount & 0x3ff) == 0x3ff && givenUp.getAsBoolean()) {
                        return false;
                    }
                    add(reader);
                    progress.packet(reader.dataLength());
                }
            } catch (CaptureFormatException e) {
                fault = e.getMessage();
            }
            return true;
        }

        private void add(CaptureFileReader packet) {
            packetCount++;
            oldestNs = Math.min(oldestNs, packet.timestampNs());
            newestNs = Math.max(newestNs, packet.timestampNs());
            int index = packet.interfaceIndex();
            SurveyedInterface known = interfaces.get(index);
            if (known == null) {
                known = SurveyedInterface.of(packet, interfaces.size() + 1, fileName);
            }
            interfaces.put(index, known.holding(packet.dataLength()));
        }
    }
}
