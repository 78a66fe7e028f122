package dev.ringtail.pcap.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/// Compressed capture files: whole, in parts, cut off and corrupt.
class CompressedCaptureTest {
    private static final int HEADER_BYTES = 24;
    private static final int RECORD_HEADER_BYTES = 16;
    private static final int DATA_BYTES = 200;

    /// Enough for many blocks of either compression; every second packet can't be compressed.
    private static byte[] pcap(int packetCount) {
        SplittableRandom random = new SplittableRandom(packetCount);
        CaptureBytes file = CaptureBytes.pcap(ByteOrder.LITTLE_ENDIAN, 0xa1b2c3d4, 1);
        for (int i = 0; i < packetCount; i++) {
            byte[] data = new byte[DATA_BYTES];
            if (i % 2 == 0) {
                random.nextBytes(data);
            }
            file.i32(i).i32(0).i32(DATA_BYTES).i32(DATA_BYTES).bytes(data);
        }
        return file.toByteArray();
    }

    private static byte[] compress(Compression compression, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out =
                switch (compression) {
                    case GZIP -> new GZIPOutputStream(bytes);
                    case ZSTD -> new ZstdOutputStreamNoFinalizer(bytes).setChecksum(true);
                }) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @EnumSource
    void readsTheSameAsFromTheContent(Compression compression) throws IOException {
        byte[] content = pcap(5000);

        assertThat(ReadPacket.all(compress(compression, content)))
                .isEqualTo(ReadPacket.all(content));
    }

    @ParameterizedTest
    @EnumSource
    void readsPcapng(Compression compression) throws IOException {
        CaptureBytes file = CaptureBytes.pcapng(ByteOrder.BIG_ENDIAN).interfaceBlock(1, 0);
        file.enhancedPacket(0, 1, new byte[60]);

        assertThat(ReadPacket.all(compress(compression, file.toByteArray()))).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void readsPartsThatWereCompressedOnTheirOwn(Compression compression) throws IOException {
        byte[] content = pcap(100);
        byte[] file = new byte[0];
        for (int at = 0; at < content.length; at += 777) {
            int end = Math.min(at + 777, content.length);
            byte[] part = Arrays.copyOfRange(content, at, end);
            file = join(file, compress(compression, part), compress(compression, new byte[0]));
        }

        assertThat(ReadPacket.all(file)).isEqualTo(ReadPacket.all(content));
    }

    @ParameterizedTest
    @EnumSource
    void deliversWhatIsThereOfAFileThatIsCutOffAnywhere(Compression compression)
            throws IOException {
        byte[] content = pcap(6);
        // In two parts, so that the second's header is cut as well.
        byte[] first = compress(compression, Arrays.copyOf(content, 700));
        byte[] file =
                join(
                        first,
                        compress(compression, Arrays.copyOfRange(content, 700, content.length)));
        List<ReadPacket> whole = ReadPacket.all(content);
        int previous = 0;
        for (int length = Integer.BYTES; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            Outcome outcome = Outcome.of(cut);

            assertThat(outcome.packets())
                    .as("cut at %d", length)
                    .isEqualTo(whole.subList(0, outcome.packets().size()));
            assertThat(outcome.packets().size()).isGreaterThanOrEqualTo(previous);
            previous = outcome.packets().size();
            if (length == first.length) {
                // The end of a part is no fault of the compression, but one of the content.
                assertThat(outcome.fault())
                        .startsWith("test.pcap, byte 700 decompressed: the file ends within");
            } else {
                assertThat(outcome.fault())
                        .as("cut at %d", length)
                        .matches("test.pcap, byte \\d+ decompressed: broken .* data: .*");
            }
            if (length >= first.length) {
                assertThat(previous).isGreaterThanOrEqualTo(3);
            }
        }
        assertThat(previous).isGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void findsDamageAndDeliversWhatIsBeforeIt(Compression compression) throws IOException {
        byte[] content = pcap(20_000);
        byte[] file = compress(compression, content);
        List<ReadPacket> whole = ReadPacket.all(content);
        int halfway = file.length / 2;
        Arrays.fill(file, halfway, halfway + 64, (byte) 0xff);

        Outcome outcome = Outcome.of(file);

        // Damaged gzip data may go on as nonsense, in which no packet can be found.
        assertThat(outcome.fault()).contains(" decompressed: ");
        int sure = whole.size() / 3;
        assertThat(outcome.packets()).hasSizeBetween(sure, whole.size());
        assertThat(outcome.packets().subList(0, sure)).isEqualTo(whole.subList(0, sure));
    }

    @ParameterizedTest
    @EnumSource
    void checksTheChecksum(Compression compression) throws IOException {
        byte[] content = pcap(3000);
        List<ReadPacket> whole = ReadPacket.all(content);
        byte[] file = compress(compression, content);
        file[compression == Compression.GZIP ? file.length - 8 : file.length - 1] ^= 1;

        Outcome outcome = Outcome.of(file);

        // zstd gives up its last block with the checksum.
        int sure = compression == Compression.GZIP ? whole.size() : whole.size() / 2;
        assertThat(outcome.packets().subList(0, sure)).isEqualTo(whole.subList(0, sure));
        assertThat(outcome.fault()).contains("broken " + compression + " data");
    }

    @Test
    void checksTheLengthThatGzipSays() throws IOException {
        byte[] content = pcap(1);
        byte[] file = compress(Compression.GZIP, content);
        file[file.length - 1] ^= 1;

        assertThat(Outcome.of(file).fault())
                .isEqualTo(
                        "test.pcap, byte 240 decompressed: broken gzip data: the content has 240"
                                + " bytes, the data say 16777456 modulo 2^32");
    }

    @Test
    void readsEveryFieldOfAGzipHeader() throws IOException {
        byte[] content = pcap(1);
        byte[] plain = compress(Compression.GZIP, content);
        byte[] header = {0x1f, (byte) 0x8b, 8, 0x1f, 1, 2, 3, 4, 0, 3, 2, 0, 'e', 'x'};
        byte[] named = join(header, new byte[] {'n', 0, 'c', 0});
        CRC32 checksum = new CRC32();
        checksum.update(named);
        byte[] check = {(byte) checksum.getValue(), (byte) (checksum.getValue() >> 8)};
        byte[] file = join(named, check, Arrays.copyOfRange(plain, 10, plain.length));

        assertThat(ReadPacket.all(file)).hasSize(1);
    }

    @Test
    void takesZerosAfterGzipAndNothingElse() throws IOException {
        byte[] file = compress(Compression.GZIP, pcap(2));

        assertThat(ReadPacket.all(join(file, new byte[1000]))).hasSize(2);
        Outcome outcome = Outcome.of(join(file, new byte[] {0, 'x'}));
        assertThat(outcome.packets()).hasSize(2);
        assertThat(outcome.fault()).endsWith("after a member follows something else");
    }

    @Test
    void passesOverSkippableFramesOfZstd() throws IOException {
        byte[] skippable = HexFormat.of().parseHex("532a4d1803000000aabbcc");
        byte[] file = compress(Compression.ZSTD, pcap(2));

        assertThat(ReadPacket.all(join(skippable, file, skippable))).hasSize(2);
    }

    @Test
    void saysWhereADecompressedFileIsCorrupt() throws IOException {
        byte[] content = pcap(2);
        Arrays.fill(content, HEADER_BYTES + 8, HEADER_BYTES + 12, (byte) 0xff);

        assertThat(Outcome.of(compress(Compression.ZSTD, content)).fault())
                .startsWith("test.pcap, byte 24 decompressed: packet 1 has a captured length of");
    }

    @Test
    void digestsTheContentWhateverItsCompression(@TempDir Path folder) throws Exception {
        byte[] content = pcap(3);
        byte[] cut = Arrays.copyOf(content, content.length - 5);
        byte[] corrupt = content.clone();
        Arrays.fill(corrupt, HEADER_BYTES, HEADER_BYTES + RECORD_HEADER_BYTES, (byte) 0xff);
        for (byte[] plain : List.of(content, cut, corrupt)) {
            byte[] expected = MessageDigest.getInstance("SHA-256").digest(plain);
            for (byte[] file :
                    List.of(
                            plain,
                            compress(Compression.GZIP, plain),
                            compress(Compression.ZSTD, plain))) {
                Path path = Files.write(folder.resolve("file"), file);
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                try (CaptureFileReader reader = CaptureFileReader.open(path, digest)) {
                    readToTheFault(reader);
                    reader.drain();
                    assertThat(reader.next()).isFalse();
                }
                assertThat(digest.digest()).isEqualTo(expected);
            }
        }
    }

    private static void readToTheFault(CaptureFileReader reader) throws IOException {
        try {
            ReadPacket.all(reader);
        } catch (CaptureFormatException e) {
            assertThat(e).hasMessageContaining(", byte ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "04224d18, lz4",
        "fd377a58, xz",
        "425a6839, bzip2",
        "504b0304, unzip",
        "736e6f6f, a Sun snoop capture",
        "6274736e, a Bluetooth btsnoop capture",
        "474d4255, a Microsoft Network Monitor capture",
        "1c0001ac, an Ixia lcap capture",
        "ac01001c, an Ixia lcap capture",
        "23212f62, the first bytes are 23212f62"
    })
    void namesWhatItCanNotReadAndWhatItCan(String start, String named) {
        byte[] file = join(HexFormat.of().parseHex(start), new byte[100]);

        assertThatThrownBy(() -> ReadPacket.open(file))
                .isInstanceOf(CaptureFormatException.class)
                .hasMessageContaining("not a capture file that can be read: ")
                .hasMessageContaining(named)
                .hasMessageEndingWith("pcap and pcapng are, also in gzip or zstd");
    }

    @Test
    void refusesWhatIsCompressedTwice() throws IOException {
        byte[] file = compress(Compression.GZIP, compress(Compression.ZSTD, pcap(1)));

        assertThatThrownBy(() -> ReadPacket.open(file)).hasMessageContaining("zstd a second time");
    }

    static LongStream seeds() {
        return LongStream.of(1, 2, System.nanoTime());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void takesAnyDamageWithNothingButTheOneException(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] content = pcap(20);
        for (int round = 0; round < 2000; round++) {
            Compression compression = Compression.values()[round % 2];
            byte[] file = compress(compression, content);
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                file[4 + random.nextInt(file.length - 4)] = (byte) random.nextInt();
            }
            assertThat(Outcome.of(file).packets()).hasSizeLessThanOrEqualTo(1000);
        }
    }

    /// What a file gave before its fault, empty where it has none.
    private record Outcome(List<ReadPacket> packets, String fault) {
        static Outcome of(byte[] file) throws IOException {
            List<ReadPacket> packets = new ArrayList<>();
            try (CaptureFileReader reader = ReadPacket.open(file)) {
                while (reader.next()) {
                    packets.add(ReadPacket.of(reader));
                }
                return new Outcome(packets, "");
            } catch (CaptureFormatException e) {
                return new Outcome(packets, e.getMessage());
            }
        }
    }
}
