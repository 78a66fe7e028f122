package dev.ringtail.bench.load;

import dev.ringtail.bench.rig.BenchException;
import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.file.PcapngWriter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/// A capture file of UDP frames over IPv4 with random payload, a microsecond apart.
///
/// @param path of the file, pcapng
/// @param packetCount how many packets
/// @param dataBytes bytes of all frames
public record CaptureFile(Path path, long packetCount, long dataBytes) implements AutoCloseable {
    private static final int PAYLOAD_BYTES = 1 << 22;
    private static final int HEADERS_BYTES = 42;
    private static final long STEP_NS = 1_000;
    private static final int SNAP_LENGTH = 262_144;

    /// 2026-01-01T00:00:00Z.
    private static final long BEGIN_NS = 1_767_225_600_000_000_000L;

    /// Writes a file.
    ///
    /// @param flows count of five-tuples, taken at random
    /// @param seed two files of different seeds have different packets
    public static CaptureFile write(
            Path path, long packetCount, FrameSize size, int flows, long seed) {
        Random random = new Random(seed);
        byte[] payload = new byte[PAYLOAD_BYTES];
        random.nextBytes(payload);
        int[] sources = random.ints(flows).toArray();
        long dataBytes = 0;
        try (PcapngWriter file =
                new PcapngWriter(Files.newOutputStream(path), "", "", "ringtail bench")) {
            int id = file.addInterface("bench", "", LinkType.ETHERNET, SNAP_LENGTH);
            for (long i = 0; i < packetCount; i++) {
                int frameBytes = size.frameBytes(random);
                byte[] frame = new byte[frameBytes];
                dataBytes += frameBytes;
                int at = random.nextInt(PAYLOAD_BYTES - frameBytes);
                System.arraycopy(payload, at, frame, HEADERS_BYTES, frameBytes - HEADERS_BYTES);
                putHeaders(frame, sources[random.nextInt(flows)]);
                file.writePacket(
                        id, BEGIN_NS + i * STEP_NS, frameBytes, frame, 0, frameBytes, 0, null);
            }
        } catch (IOException e) {
            throw new BenchException("cannot write " + path + ": " + e.getMessage(), e);
        }
        return new CaptureFile(path, packetCount, dataBytes);
    }

    /// Deletes the file.
    @Override
    public void close() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new BenchException("cannot delete " + path + ": " + e.getMessage(), e);
        }
    }

    /// From 10.x.y.z and a port of it, to 10.0.0.1 port 9; no UDP checksum.
    private static void putHeaders(byte[] frame, int source) {
        frame[12] = 0x08;
        frame[14] = 0x45;
        put16(frame, 16, frame.length - 14);
        frame[22] = 64;
        frame[23] = 17;
        frame[26] = 10;
        frame[27] = (byte) (source >>> 16);
        put16(frame, 28, source);
        frame[30] = 10;
        frame[33] = 1;
        put16(frame, 34, 1024 + (source >>> 18));
        put16(frame, 36, 9);
        put16(frame, 38, frame.length - 34);
    }

    private static void put16(byte[] frame, int at, int value) {
        frame[at] = (byte) (value >>> 8);
        frame[at + 1] = (byte) value;
    }
}
