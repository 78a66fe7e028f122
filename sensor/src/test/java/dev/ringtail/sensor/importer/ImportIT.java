package dev.ringtail.sensor.importer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.file.CaptureWriter;
import dev.ringtail.pcap.file.EpbFlags;
import dev.ringtail.pcap.file.PcapWriter;
import dev.ringtail.pcap.file.PcapngWriter;
import dev.ringtail.schema.PacketFlags;
import dev.ringtail.schema.Topics;
import dev.ringtail.sensor.Main;
import dev.ringtail.sensor.publish.KafkaSettings;
import dev.ringtail.testing.Tools;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPOutputStream;

class ImportIT {
    private static final long OLD_NS =
            Instant.parse("2001-02-03T04:05:06Z").getEpochSecond() * 1_000_000_000L + 7;
    private static final int FILE = PacketFlags.FILE << PacketFlags.TIMESTAMP_SOURCE_SHIFT;
    private static final BooleanSupplier NEVER = () -> false;

    @TempDir private static Path brokerFolder;
    private static LocalKafka broker;

    @TempDir private Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String prefix = "";
    private ImportedPackets topic;

    @BeforeAll
    static void startBroker() {
        broker = LocalKafka.start(brokerFolder.resolve("kafka"), 0, Map.of());
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void nameTopics(TestInfo test) {
        prefix = test.getTestMethod().orElseThrow().getName();
        topic =
                new ImportedPackets(
                        new KafkaSettings(Map.of("bootstrap.servers", broker.bootstrapServers())),
                        Topics.withPrefix(prefix));
    }

    @Test
    void bringsEveryPacketOnceAndInOrderAndASecondImportPublishesNothing() throws Exception {
        List<ImportedPackets.Packet> packets = randomPackets(3000, 1);
        Path file = pcap(packets);
        Path summary = folder.resolve("summary.json");

        assertThat(run(NEVER, file, "--summary", summary.toString())).isZero();
        assertThat(topic.inLaneOrder()).isEqualTo(packets);
        JsonNode ledger = new ObjectMapper().readTree(summary.toFile());
        assertThat(ledger.get("balanced").asBoolean()).isTrue();
        assertThat(ledger.at("/total/acknowledged").asLong()).isEqualTo(3000);
        assertThat(topic.lastReport().getLateRuns()).isNotEmpty();
        assertThat(topic.lateRunsCoverEveryRecord()).isTrue();
        int recordCount = topic.recordCount();
        out.getBuffer().setLength(0);

        assertThat(run(NEVER, file)).isZero();

        assertThat(err.toString())
                .contains(
                        "already imported, nothing is published; 3,000 packets,"
                                + " 2001-02-03T04:05:0");
        assertThat(out.toString()).isEmpty();
        assertThat(topic.recordCount()).isEqualTo(recordCount);
    }

    @Test
    void keepsTheOrderOfPacketsOfSeveralInterfaces() throws Exception {
        Path file = folder.resolve("two.pcapng");
        List<ImportedPackets.Packet> packets = randomPackets(60, 2);
        List<ImportedPackets.Packet> expected = new ArrayList<>();
        try (CaptureWriter writer = new PcapngWriter(Files.newOutputStream(file), "", "", "test")) {
            int first = writer.addInterface("eth0", "uplink", LinkType.ETHERNET, 100);
            int second = writer.addInterface("", "", LinkType.RAW, 0);
            for (int i = 0; i < packets.size(); i++) {
                ImportedPackets.Packet p = packets.get(i);
                boolean fromFirst = i % 3 == 0;
                write(writer, fromFirst ? first : second, p);
                expected.add(
                        fromFirst
                                ? p.of("eth0", LinkType.ETHERNET)
                                : p.of("two.pcapng", LinkType.RAW));
            }
        }

        assertThat(run(NEVER, file)).isZero();

        assertThat(topic.inLaneOrder()).isEqualTo(expected);
        assertThat(topic.lastReport().getCaptures()).hasSize(2);
    }

    @Test
    void importsWhatIsReadableOfATruncatedFileAndNamesThePlace() throws Exception {
        List<ImportedPackets.Packet> packets = randomPackets(50, 3);
        byte[] whole = Files.readAllBytes(pcap(packets));
        Path file = folder.resolve("capture.pcap");
        Files.write(file, Arrays.copyOf(whole, whole.length - 5));

        assertThat(run(NEVER, file)).isEqualTo(1);

        assertThat(topic.inLaneOrder()).isEqualTo(packets.subList(0, 49));
        assertThat(err.toString()).contains("49 packets before that place").contains("byte");
    }

    @Test
    void whatIsWrongWithAFileDoesNotStopTheOthers() throws Exception {
        byte[] content = Files.readAllBytes(pcap(randomPackets(300, 11)));
        Path first = Files.write(folder.resolve("first.pcap"), content);
        Path notes = Files.writeString(folder.resolve("notes.txt"), "not a capture");
        Path copy = gzip("copy.pcap.gz", content);
        byte[] other = Files.readAllBytes(pcap(randomPackets(200, 12)));
        byte[] compressed = Files.readAllBytes(gzip("cut.pcap.gz", other));
        Path cut =
                Files.write(
                        folder.resolve("cut.pcap.gz"),
                        Arrays.copyOf(compressed, compressed.length / 2));
        Path empty = Files.write(folder.resolve("empty.pcap"), Arrays.copyOf(content, 24));
        Path summary = folder.resolve("summary.json");
        List<Path> files = List.of(first, notes, folder, folder.resolve("gone"), copy, cut, empty);
        List<String> more = new ArrayList<>(files.stream().skip(1).map(Path::toString).toList());
        more.addAll(List.of("--summary", summary.toString()));

        assertThat(run(NEVER, first, more.toArray(String[]::new))).isEqualTo(1);

        JsonNode root = new ObjectMapper().readTree(summary.toFile());
        assertThat(root.get("files"))
                .extracting(f -> f.get("file").asText())
                .containsExactlyElementsOf(files.stream().map(Path::toString).toList());
        assertThat(root.get("files"))
                .extracting(f -> f.get("outcome").asText())
                .containsExactly(
                        "imported",
                        "failed",
                        "failed",
                        "failed",
                        "alreadyImported",
                        "imported",
                        "empty");
        long cutCount = root.at("/files/5/packets").asLong();
        assertThat(cutCount).isBetween(1L, 199L);
        assertThat(root.at("/files/5/fault").asText())
                .contains("cut.pcap.gz, byte ")
                .endsWith(" decompressed: broken gzip data: they are cut off");
        assertThat(root.at("/files/4/ledger/total/acknowledged").asLong()).isEqualTo(300);
        assertThat(root.at("/files/4/ledger/sessionId"))
                .isEqualTo(root.at("/files/0/ledger/sessionId"));
        assertThat(root.at("/total/acknowledged").asLong()).isEqualTo(300 + cutCount);
        assertThat(root.get("balanced").asBoolean()).isTrue();
        assertThat(out.toString()).contains("lane 0 first.pcap", "lane 1 cut.pcap.gz", "balanced");
        assertThat(err.toString())
                .contains("notes.txt, byte 0: not a capture file that can be read")
                .contains("it is a folder")
                .contains("gone: no such file")
                .contains("copy.pcap.gz: already imported, nothing is published")
                .contains("empty.pcap: no packets");
    }

    @Test
    void aRequestToStopEndsBeforeTheNextFile() throws Exception {
        Path first = pcap(randomPackets(100, 13));
        AtomicInteger asked = new AtomicInteger();
        Path second = Files.copy(first, folder.resolve("second.pcap"));

        int exit = run(() -> asked.incrementAndGet() > 50, first, second.toString());

        assertThat(exit).isEqualTo(1);
        assertThat(err.toString())
                .containsPattern(
                        "capture\\.pcap: imported in part: stopped; \\d+ are known to be in Kafka"
                                + " of 100 packets, ")
                .contains("stopped before file 2 of 2");
    }

    @Test
    void importsOfAGrowingFileWhatWasThereAtFirst() throws Exception {
        List<ImportedPackets.Packet> packets = randomPackets(60, 14);
        byte[] whole = Files.readAllBytes(pcap(packets));
        byte[] atFirst = Files.readAllBytes(pcap(packets.subList(0, 40)));
        Path file = Files.write(folder.resolve("capture.pcap"), atFirst);

        // Asked for the first time when the file has been looked through.
        assertThat(run(() -> replaced(file, whole), file)).isZero();

        assertThat(topic.inLaneOrder()).isEqualTo(packets.subList(0, 40));
    }

    @Test
    void saysThatAFileHasChangedMeanwhile() throws Exception {
        Path file = pcap(randomPackets(60, 15));
        byte[] shorter = Arrays.copyOf(Files.readAllBytes(file), 1000);

        assertThat(run(() -> replaced(file, shorter), file)).isEqualTo(1);

        assertThat(err.toString())
                .contains("imported in part: the file has changed since it was looked through");
        assertThat(topic.lastReport().getFinal$()).isFalse();
    }

    private static boolean replaced(Path file, byte[] content) {
        try {
            Files.write(file, content);
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void refusesWhatCanBeReadOnceAlone() throws Exception {
        Path pipe = folder.resolve("pipe");
        Tools.run("mkfifo", pipe.toString()).orFail();

        assertThat(run(NEVER, Path.of("-"))).isEqualTo(2);
        assertThat(run(NEVER, pipe)).isEqualTo(1);

        assertThat(err.toString())
                .contains("Standard input (-) can't be imported")
                .contains("pipe: it is a pipe or a device; a file is read twice");
    }

    @Test
    void refusesATopicThatWouldRejectOldPackets() throws Exception {
        createPackets(Map.of("message.timestamp.before.max.ms", "3600000"));

        assertThat(run(NEVER, pcap(randomPackets(1, 4)))).isEqualTo(1);

        assertThat(err.toString())
                .contains("message.timestamp.before.max.ms is 3600000")
                .contains(
                        "kafka-configs.sh --bootstrap-server "
                                + broker.bootstrapServers()
                                + " --alter --entity-type topics --entity-name "
                                + prefix
                                + ".packets --add-config"
                                + " message.timestamp.before.max.ms=9223372036854775807");
        assertThat(topic.recordCount()).isZero();
    }

    @Test
    void completesAnImportThatWasBrokenOffWithTheSameNumbers() throws Exception {
        List<ImportedPackets.Packet> packets = randomPackets(500, 5);
        Path file = pcap(packets);
        AtomicInteger asked = new AtomicInteger();

        assertThat(run(() -> asked.incrementAndGet() > 200, file)).isEqualTo(1);
        assertThat(topic.lastReport().getFinal$()).isFalse();
        assertThat(topic.inLaneOrder()).hasSizeLessThan(500);
        assertThat(run(NEVER, file)).isZero();

        assertThat(topic.inLaneOrder()).isEqualTo(packets);
        assertThat(topic.lastReport().getFinal$()).isTrue();
    }

    @Test
    void cutsAPacketThatNoRecordCanHoldAndCountsIt() throws Exception {
        createPackets(Map.of("max.message.bytes", "20000", "retention.ms", "-1"));
        byte[] large = new byte[50_000];
        new Random(6).nextBytes(large);
        Path file = pcap(List.of(packet(large, 0)));
        Path summary = folder.resolve("summary.json");

        assertThat(run(NEVER, file, "--summary", summary.toString())).isZero();

        ImportedPackets.Packet found = topic.inLaneOrder().getFirst();
        assertThat(found.flags() & PacketFlags.CUT).isNotZero();
        assertThat(found.originalLength()).isEqualTo(50_000);
        assertThat(found.data()).isEqualTo(ByteBuffer.wrap(large, 0, found.data().remaining()));
        JsonNode ledger = new ObjectMapper().readTree(summary.toFile());
        assertThat(ledger.get("balanced").asBoolean()).isTrue();
        assertThat(ledger.at("/total/cut").asLong()).isEqualTo(1);
        assertThat(ledger.at("/total/bytes/cut").asLong())
                .isEqualTo(50_000 - found.data().remaining());
    }

    @Test
    void aRequestToStopEndsTheWaitForAcknowledgements() throws Exception {
        // The producer keeps the packets for a minute, as it does when Kafka does not answer.
        Path config = Files.writeString(folder.resolve("kafka.properties"), "linger.ms=60000");
        Path file = pcap(randomPackets(10, 8));
        Path summary = folder.resolve("summary.json");
        AtomicInteger asked = new AtomicInteger();
        long startNs = System.nanoTime();

        int exit =
                run(
                        () -> asked.incrementAndGet() > 15, // The file is read by then.
                        file,
                        "--kafka-config",
                        config.toString(),
                        "--summary",
                        summary.toString());

        assertThat(exit).isEqualTo(1);
        assertThat(Duration.ofNanos(System.nanoTime() - startNs))
                .isLessThan(Duration.ofSeconds(40));
        JsonNode ledger = new ObjectMapper().readTree(summary.toFile());
        assertThat(ledger.at("/total/unknown").asLong()).isEqualTo(10);
        assertThat(ledger.get("balanced").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a\nb"})
    void refusesASensorNameThatCanBeNoKey(String name) throws Exception {
        assertThat(run(NEVER, pcap(randomPackets(1, 9)), "--sensor", name)).isEqualTo(2);

        assertThat(err.toString()).contains("--sensor", "1 to 128 characters");
    }

    @Test
    void boundsTheLengthOfASensorName() throws Exception {
        Path file = pcap(randomPackets(1, 10));

        assertThat(run(NEVER, file, "--sensor", "é".repeat(129))).isEqualTo(2);
        assertThat(run(NEVER, file, "--sensor", "é".repeat(128))).isZero();
    }

    @Test
    void saysWhatIsNoCaptureFileBeforeItAsksKafka() throws Exception {
        Path file = Files.writeString(folder.resolve("notes.txt"), "not a capture");

        assertThat(run(NEVER, file)).isEqualTo(1);

        assertThat(err.toString()).contains("notes.txt").doesNotContain("Exception");
    }

    private int run(BooleanSupplier stopRequested, Path file, String... more) {
        List<String> args = new ArrayList<>(List.of(file.toString()));
        args.addAll(List.of("--bootstrap-server", broker.bootstrapServers()));
        args.addAll(List.of("--topic-prefix", prefix));
        args.addAll(List.of(more));
        return new CommandLine(new ImportCommand(stopRequested))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler(
                        (fault, command, parsed) -> {
                            command.getErr().println(fault.getMessage());
                            return Main.exitCode(fault);
                        })
                .execute(args.toArray(String[]::new));
    }

    private void createPackets(Map<String, String> configs) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(
                                                    prefix + ".packets",
                                                    Optional.of(3),
                                                    Optional.empty())
                                            .configs(configs)))
                    .all()
                    .get();
        }
    }

    private Path pcap(List<ImportedPackets.Packet> packets) throws IOException {
        Path file = folder.resolve("capture.pcap");
        try (CaptureWriter writer = new PcapWriter(Files.newOutputStream(file))) {
            writer.addInterface("", "", LinkType.ETHERNET, 65_535);
            for (ImportedPackets.Packet packet : packets) {
                write(writer, 0, packet);
            }
        }
        return file;
    }

    private Path gzip(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream compressed = new GZIPOutputStream(Files.newOutputStream(file))) {
            compressed.write(content);
        }
        return file;
    }

    private static void write(CaptureWriter writer, int interfaceId, ImportedPackets.Packet packet)
            throws IOException {
        byte[] data = packet.data().array();
        writer.writePacket(
                interfaceId,
                packet.timestampNs(),
                packet.originalLength(),
                data,
                0,
                data.length,
                EpbFlags.UNKNOWN_PACKET_TYPE,
                null);
    }

    /// Ethernet frames of IPv4 and UDP from several hosts, some cut by a snap length, with time
    /// that sometimes runs backwards.
    private static List<ImportedPackets.Packet> randomPackets(int count, long seed) {
        Random random = new Random(seed);
        List<ImportedPackets.Packet> packets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] frame = new byte[42 + random.nextInt(600)];
            random.nextBytes(frame);
            ByteBuffer.wrap(frame).putShort(12, (short) 0x0800).putShort(14, (short) 0x4500);
            ByteBuffer.wrap(frame).putShort(20, (short) 0).put(23, (byte) 17);
            ByteBuffer.wrap(frame).putInt(26, 0x0a000000 + random.nextInt(20));
            packets.add(packet(frame, i * 1000L - random.nextInt(5000)));
        }
        return packets;
    }

    private static ImportedPackets.Packet packet(byte[] frame, long afterNs) {
        return new ImportedPackets.Packet(
                "capture.pcap",
                LinkType.ETHERNET,
                OLD_NS + afterNs,
                frame.length + (frame.length % 7 == 0 ? 100 : 0),
                FILE,
                ByteBuffer.wrap(frame));
    }
}
