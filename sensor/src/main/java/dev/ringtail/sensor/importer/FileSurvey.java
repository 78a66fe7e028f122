package dev.ringtail.sensor.importer;

import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.pcap.file.CaptureFormatException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

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

    /// Reads a file to its end.
    ///
    /// @throws ImportException if it can't be opened or is no capture file
    static FileSurvey of(Path file) {
        MessageDigest digest = sha256();
        try (CaptureFileReader reader = CaptureFileReader.open(file, digest)) {
            Scan scan = new Scan(fileName(file));
            scan.read(reader);
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
            throw new ImportException(String.valueOf(e.getMessage()), e);
        } catch (NoSuchFileException e) {
            throw new ImportException("Can't read " + file + ": no such file", e);
        } catch (IOException e) {
            throw new ImportException("Can't read " + file + ": " + e, e);
        }
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

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every JDK has SHA-256", e);
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

        void read(CaptureFileReader reader) throws IOException {
            try {
                while (reader.next()) {
                    add(reader);
                }
            } catch (CaptureFormatException e) {
                fault = e.getMessage();
            }
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
