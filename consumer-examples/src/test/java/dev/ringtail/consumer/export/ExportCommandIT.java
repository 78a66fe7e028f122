package dev.ringtail.consumer.export;

import static dev.ringtail.testing.Frames.UDP;
import static dev.ringtail.testing.Frames.ethernet;
import static dev.ringtail.testing.Frames.ipv4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.consumer.testing.Batches;
import dev.ringtail.consumer.testing.Batches.TestPacket;
import dev.ringtail.consumer.testing.Reports;
import dev.ringtail.consumer.testing.TestTopics;
import dev.ringtail.consumer.testing.TestTopics.Result;
import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.schema.CaptureReport;
import dev.ringtail.schema.GapReport;
import dev.ringtail.schema.LateRun;
import dev.ringtail.schema.Packet;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.PacketFlags;
import dev.ringtail.schema.PacketType;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.SingleObject;
import dev.ringtail.schema.Tally;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The export command over a real broker; oracles are tshark and capinfos.
@RequiresTool("tshark")
class ExportCommandIT {
    private static final long SECOND = 1_000_000_000L;

    /// 2026-11-20T10:00:00Z.
    private static final long T0 = 1_795_168_800L * SECOND;

    /// What an export says that gives one pass up.
    private static final String TWO_PASSES = "beginning anew, in two passes";

    /// LINKTYPE_USER0, whose packets libpcap knows no ports in.
    private static final int USER0 = 147;

    @TempDir static Path brokerFolder;
    private static LocalKafka kafka;
    @TempDir private Path folder;

    @BeforeAll
    static void startBroker() {
        kafka = LocalKafka.start(brokerFolder, 0, Map.of());
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @Test
    void writesPacketsInLaneOrderThatTsharkReads() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "order", 2, Map.of())) {
            topics.send(batch("s", "t", 1, 1, packet(2, 2), packet(4, 4)));
            topics.send(batch("s", "t", 0, 1, packet(1, 1), packet(3, 3)));
            topics.sendBare(batch("s", "t", 0, 3, packet(5, 5)));

            Result result = topics.run("export", "-w", file());

            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(result.err())
                    .contains("5 packets, 300 bytes, 1 sensor, 1 interface")
                    .doesNotContain(TWO_PASSES);
            assertThat(payloads()).containsExactly("1", "2", "3", "4", "5");
            assertThat(tshark("frame.len")).containsOnly("70");
            assertThat(tshark("frame.time_epoch"))
                    .first()
                    .isEqualTo(T0 / SECOND + 1 + ".000000000");
            assertThat(tshark("frame.interface_name")).containsOnly("eth0");
            Tools.run("capinfos", file()).orFail();
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files).hasSize(1);
            }
        }
    }

    @Test
    void saysInTheFileWhatIsMissing() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "gaps", 1, Map.of())) {
            topics.send(batch("s", "t", 0, 1, packet(1, 1), packet(2, 2)));
            topics.send(batch("s", "t", 0, 6, packet(6, 6)));
            topics.send(Reports.report("s", "t", 6, List.of(), List.of()));

            Result result = topics.run("export", "-w", file());

            assertThat(result.exit()).isZero();
            assertThat(result.err()).contains("3 packets").contains("3 missing");
            assertThat(tshark("frame.comment"))
                    .containsExactly(
                            "", "", "3 packets of lane 0 missing here (sensor s, session t)");
            assertThat(Tools.run("capinfos", file()).orFail().stdout())
                    .contains("Number of stat entries = 1");
        }
    }

    @Test
    void tellsOfGapsAtTheNextPacketAndElseInTheStatistics() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "down", 1, Map.of())) {
            topics.send(batch("s", "t", 0, 1, packet(1, 1), packet(2, 2), packet(3, 6)));
            topics.send(batch("s", "t", 0, 4, packet(4, 7)));
            SensorReport report = Reports.report("s", "t", 4, List.of(), List.of());
            report.getLanes().getFirst().setShed(Map.of("stopped", new Tally(3L, 180L)));
            report.getLanes().getFirst().setMalformed(new Tally(2L, 120L));
            report.setCaptures(List.of(capture(1, "eth0"), capture(2, "eth7")));
            report.setGaps(
                    List.of(
                            gap("eth0", 2.5, 5.7, "the interface was down"),
                            gap("eth0", 0.2, 0.7, "before the first packet"),
                            gap("eth0", 8, 0, "the interface was deleted"),
                            gap("eth7", 3, 4, "")));
            topics.send(report);
            String down =
                    "eth0 was not captured for 3.2 s, from 2026-11-20T10:00:02.500Z to"
                            + " 2026-11-20T10:00:05.700Z: the interface was down (sensor s, session"
                            + " t)";
            String deleted =
                    "eth0 was not captured from 2026-11-20T10:00:08Z on: the interface was deleted"
                            + " (sensor s, session t)";
            String other =
                    "eth7 was not captured for 1.0 s, from 2026-11-20T10:00:03Z to"
                            + " 2026-11-20T10:00:04Z (sensor s, session t)";

            Result whole = topics.run("export", "-w", file());
            assertThat(whole.exit()).as(whole.err()).isZero();
            assertThat(tshark("frame.comment")).containsExactly("", "", down, "");
            assertThat(tshark("frame.interface_description")).containsOnly("sensor s, uplink");
            assertThat(blocks())
                    .contains(deleted)
                    .contains(other)
                    .doesNotContain("before the first packet")
                    .contains("7 packets dropped by the kernel because the ring was full")
                    .contains("5 packets dropped by the device")
                    .contains("3 packets given up by the sensor when it was stopped")
                    .contains("2 packets that the sensor could not read out of the ring");
            assertThat(whole.err()).contains("count 17 packets that were lost before the topic");
            assertThat(Tools.run("capinfos", file()).orFail().stdout())
                    .contains("Filter string = not port 22")
                    .contains("Number of interfaces in file: 2");

            export(topics, List.of("--from", "2026-11-20", "-c", "3", "--interface", "eth0"));
            assertThat(tshark("frame.comment")).first().asString().contains("before the first");
            assertThat(blocks()).doesNotContain("deleted").doesNotContain("eth7");

            export(topics, List.of("--from", "2026-11-20T10:00:02.1Z", "-f", "ether[14] == 0x39"));
            assertThat(tshark("frame.comment")).isEmpty();
            assertThat(blocks()).contains(down).contains(deleted).contains(other);
        }
    }

    /// The blocks of the file as tshark dissects them, which shows comments on statistics too.
    private String blocks() {
        return Tools.run("tshark", "-r", file(), "-X", "read_format:MIME Files Format", "-V")
                .orFail()
                .stdout();
    }

    private static GapReport gap(String interfaceName, double from, double to, String reason) {
        return new GapReport(interfaceName, second(from), to == 0 ? 0 : second(to), reason);
    }

    private static long second(double second) {
        return T0 + Math.round(second * SECOND);
    }

    private static CaptureReport capture(int captureId, String interfaceName) {
        return CaptureReport.newBuilder()
                .setCaptureId(captureId)
                .setInterfaceName(interfaceName)
                .setInterfaceIndex(2)
                .setNetworkNamespaceInode(0)
                .setLinkType(1)
                .setSnapLength(262_144)
                .setFilter("not port 22")
                .setDescription("uplink")
                .build();
    }

    @Test
    void writesEachPacketOnceThatWasImportedTwice() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "twice", 1, Map.of())) {
            topics.send(batch("s", "t", 0, 1, packet(1, 1), packet(2, 2)));
            topics.send(batch("s", "t", 0, 1, packet(1, 1)));
            topics.send(batch("s", "t", 0, 2, packet(2, 2), packet(3, 3)));

            Result result = topics.run("export", "-w", file());

            assertThat(payloads()).containsExactly("1", "2", "3");
            assertThat(result.err()).contains("2 duplicates").contains(TWO_PASSES);
        }
    }

    @Test
    void findsLatePacketsOfATimeRange() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "late", 1, Map.of())) {
            topics.send(batch("s", "t", 0, 1, packet(1, 1)));
            topics.send(batch("s", "t", 0, 2, packet(2, 4_000)));
            topics.send(batch("s", "t", 0, 3, packet(3, 5_000)));
            long late = topics.send(batch("import", "u", 0, 1, packet(1, 2)));
            topics.send(batch("s", "t", 0, 4, packet(4, 6_000)));
            topics.send(Reports.report("s", "t", 4, List.of(), List.of()));
            List<String> range =
                    List.of("--from", "2026-11-20T10:00:01Z", "--to", "2026-11-20T10:00:03Z");

            // Without a report where its late packets are nobody knows.
            Result scanned = export(topics, range);
            assertThat(payloads()).as(scanned.err()).containsExactly("1");

            LateRun run = new LateRun(0, late, late, T0 + 2 * SECOND, T0 + 2 * SECOND);
            topics.send(Reports.report("import", "u", 1, List.of(), List.of(run)));
            Result listed = export(topics, range);
            assertThat(payloads()).as(listed.err()).containsExactly("1", "1");
            assertThat(tshark("frame.time_epoch")).hasSize(2);
        }
    }

    /// A partition that nothing was sent to for long is empty, which says nothing of the range.
    @Test
    void doesNotWarnOfQuietPartitionsWhereARangeBegins() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "quiet", 2, Map.of())) {
            topics.send(batch("s", "t", 0, 1, packet(1, 1)));
            topics.send(batch("s", "t", 1, 1, packet(2, 100)));
            topics.expire(0, 1);

            assertThat(export(topics, List.of("--from", "2026-11-20T10:01:00Z")).err())
                    .startsWith("1 packets,")
                    .doesNotContain("deleted");
            assertThat(export(topics, List.of()).err())
                    .contains("deleted the oldest batches of 1 of 2 partitions");
        }
    }

    @Test
    void readsAllOfATopicThatStampsRecordsItself() throws Exception {
        try (TestTopics topics =
                new TestTopics(
                        kafka, "append", 1, Map.of("message.timestamp.type", "LogAppendTime"))) {
            topics.send(batch("s", "t", 0, 1, packet(1, 1)));
            topics.send(batch("s", "t", 0, 2, packet(2, 2)));

            Result result =
                    export(topics, List.of("--from", "2026-11-20T10:00:02Z", "--to", "2026-11-21"));

            assertThat(result.err()).contains("LogAppendTime");
            assertThat(payloads()).containsExactly("2");
        }
    }

    @Test
    void skipsUnreadableBatchesAndFails() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "corrupt", 1, Map.of())) {
            topics.send(batch("s", "t", 0, 1, packet(1, 1)));
            PacketBatch truncated = batch("s", "t", 0, 2, packet(2, 2));
            byte[] value = SingleObject.encode(truncated);
            topics.send(truncated, Arrays.copyOf(value, value.length - 5));
            // Its first packet is sound, and has been written when the second is met.
            PacketBatch corrupt = batch("s", "t", 0, 3, packet(3, 3), packet(4, 4));
            corrupt.getPackets().getLast().setTimestampOffsetNs(5 * SECOND);
            topics.send(corrupt);
            topics.send(batch("s", "t", 0, 5, packet(5, 5)));

            Result result = topics.run("export", "-w", file());

            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.err())
                    .contains("unreadable batch in corrupt.packets, partition 0, offset 1")
                    .contains("unreadable batch in corrupt.packets, partition 0, offset 2")
                    .contains("corrupt batch: beginning anew")
                    .contains("2 unreadable batches")
                    .containsOnlyOnce("partition 0, offset 1")
                    .containsOnlyOnce("partition 0, offset 2");
            assertThat(payloads()).containsExactly("1", "5");
        }
    }

    @Test
    void takesFiltersAndBounds() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "filter", 1, Map.of())) {
            topics.send(batch("s", "t", 0, 1, packet(1, 1), packet(2, 2)));
            topics.send(batch("other", "t", 0, 1, packet(3, 3)));

            export(topics, List.of("-f", "ether[14] == 0x32"));
            assertThat(payloads()).containsExactly("2");
            export(topics, List.of("--sensor", "other"));
            assertThat(payloads()).containsExactly("3");
            export(topics, List.of("-c", "1"));
            assertThat(payloads()).containsExactly("1");
            Result unknown = export(topics, List.of("--interface", "eth9"));
            assertThat(unknown.exit()).isEqualTo(1);
            assertThat(unknown.err())
                    .contains("--interface eth9: neither")
                    .contains("there are eth0");
            unknown = export(topics, List.of("--sensor", "none"));
            assertThat(unknown.exit()).isEqualTo(1);
            assertThat(unknown.err()).contains("--sensor none: neither").contains("are other, s");
            assertThat(payloads()).containsExactly("1");
            Result none = export(topics, List.of("-f", "arp"));
            assertThat(none.exit()).isZero();
            assertThat(none.err()).contains("no packets in the range");
            assertThat(payloads()).isEmpty();
            Result bad = export(topics, List.of("-f", "no such filter"));
            assertThat(bad.exit()).isEqualTo(2);
            assertThat(bad.err())
                    .contains("no such filter")
                    .contains("see ringtail export --help")
                    .doesNotContain("--bootstrap-server")
                    .doesNotContain("at dev.ringtail");
        }
    }

    @Test
    void cutsSuperFramesAndCompletesChecksums() throws Exception {
        String tcp = "1234 01bb 00000001 00000002 5018 ffff 0000 0000" + "5a".repeat(3000);
        String udp = UDP.replace("0010 0000", "0010 1424");
        int partial = PacketFlags.CHECKSUM_NOT_READY;
        int superFrame = PacketFlags.GSO | partial;
        try (TestTopics topics = new TestTopics(kafka, "resegment", 1, Map.of())) {
            topics.send(
                    batch(
                            frame(1, superFrame, ethernet("0800", ipv4(6, 0, tcp)), 0),
                            frame(2, partial, ethernet("0800", ipv4(17, 0, udp)), 0),
                            frame(3, 0, ethernet("0800", ipv4(6, 0, tcp)), 0),
                            frame(4, superFrame, ethernet("0800", ipv4(6, 0, tcp)), 10),
                            frame(5, superFrame, ethernet("0800", ipv4(17, 0, udp)), 0)));

            Result whole = export(topics, List.of("-c", "2"));
            assertThat(tshark("frame.len")).as(whole.err()).containsExactly("3054", "50");
            Result cut = export(topics, List.of("--resegment"));
            assertThat(cut.exit()).as(cut.err()).isZero();
            assertThat(cut.err())
                    .contains("5 packets")
                    .contains(
                            "1 super-frames cut into 3 segments of MTU 1500, 1 checksums completed;"
                                + " left as they are: 1 not captured whole, 1 not to be segmented");
            assertThat(tshark("frame.len"))
                    .containsExactly("1514", "1514", "134", "50", "3054", "3064", "50");
            assertThat(tshark("udp.checksum")).contains("0xc94e");
            export(topics, List.of("--resegment=3040", "-c", "1"));
            assertThat(tshark("frame.len")).containsExactly("3054");
            Result bad = export(topics, List.of("--resegment=67"));
            assertThat(bad.exit()).isEqualTo(2);
            assertThat(bad.err()).contains("--resegment 67 is no MTU; 68 to 65535 bytes");
        }
    }

    /// A late batch has the export begin anew when the super-frame has been cut already.
    @Test
    void countsWhatWasCutForTheFileAlone() throws Exception {
        String tcp = "1234 01bb 00000001 00000002 5018 ffff 0000 0000" + "5a".repeat(3000);
        int superFrame = PacketFlags.GSO | PacketFlags.CHECKSUM_NOT_READY;
        Path oneByOne =
                Files.writeString(folder.resolve("client.properties"), "max.poll.records=1\n");
        try (TestTopics topics = new TestTopics(kafka, "anew", 1, Map.of())) {
            topics.send(batch(frame(1, superFrame, ethernet("0800", ipv4(6, 0, tcp)), 0)));
            topics.send(batch("s", "t", 0, 3, packet(3, 5)));
            topics.send(batch("s", "t", 0, 2, packet(2, 4)));

            Result result =
                    export(topics, List.of("--resegment", "--kafka-config", oneByOne.toString()));

            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(result.err())
                    .contains(TWO_PASSES)
                    .contains("3 packets")
                    .contains("1 super-frames cut into 3 segments of MTU 1500");
            assertThat(tshark("frame.len")).containsExactly("1514", "1514", "134", "70", "70");
        }
    }

    private static Packet frame(int laneNumber, int flags, byte[] data, int cutOff) {
        return Packet.newBuilder()
                .setLaneNumberDelta(laneNumber == 1 ? 0 : 1)
                .setTimestampOffsetNs(laneNumber)
                .setOriginalLength(data.length + cutOff)
                .setPacketType(PacketType.HOST)
                .setFlags(flags)
                .setData(ByteBuffer.wrap(data))
                .build();
    }

    private static PacketBatch batch(Packet... packets) {
        PacketBatch batch = batch("s", "t", 0, 1, packet(1, 1));
        batch.setMaxTimestampNs(T0 + 2 * SECOND);
        batch.setPackets(List.of(packets));
        return batch;
    }

    @Test
    void leavesOutPacketsThatTheFilterCannotBeAppliedTo() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "user0", 1, Map.of())) {
            PacketBatch foreign = batch("s", "u", 0, 1, packet(1, 1), packet(2, 2));
            foreign.setLinkType(USER0);
            topics.send(foreign);
            topics.send(batch("s", "t", 0, 1, packet(3, 3), packet(4, 4)));

            Result result = export(topics, List.of("-f", "tcp port 80 or ether[14] == 0x33"));

            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(result.err())
                    .containsOnlyOnce("packets of link type LINKTYPE 147 are left out: filter")
                    .contains("2 packets left out, to which the filter can't be applied");
            assertThat(payloads()).containsExactly("3");

            Result bad = export(topics, List.of("-f", "no such filter"));

            assertThat(bad.exit()).isEqualTo(2);
            assertThat(bad.err()).contains("no such filter").doesNotContain("left out");
        }
    }

    @Test
    void refusesPcapOfTwoLinkTypesAndLeavesTheFile() throws Exception {
        try (TestTopics topics = new TestTopics(kafka, "pcap", 1, Map.of())) {
            topics.send(batch("s", "t", 0, 1, packet(1, 1)));
            export(topics, List.of("--format", "pcap"));
            assertThat(payloads()).containsExactly("1");
            PacketBatch raw = batch("s", "u", 0, 1, packet(1, 1));
            raw.setLinkType(101);
            topics.send(raw);
            byte[] before = Files.readAllBytes(folder.resolve("out.pcapng"));

            Result result = export(topics, List.of("--format", "pcap"));

            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.err()).contains("a pcap file has one link type").contains("RAW");
            assertThat(folder.resolve("out.pcapng")).hasBinaryContent(before);
        }
    }

    @Test
    void namesABrokerThatDoesNotAnswerAndATopicThatIsNotThere() {
        Result unreachable =
                TestTopics.run(
                        List.of("export", "--bootstrap-server", "127.0.0.1:1", "-w", file()));
        assertThat(unreachable.exit()).isEqualTo(1);
        assertThat(unreachable.err()).contains("no answer from Kafka at 127.0.0.1:1");

        Result missing =
                TestTopics.run(
                        List.of(
                                "export",
                                "--bootstrap-server",
                                kafka.bootstrapServers(),
                                "--topic-prefix",
                                "nothing",
                                "-w",
                                file()));
        assertThat(missing.exit()).isEqualTo(1);
        assertThat(missing.err()).contains("there is no topic nothing.packets");
    }

    private Result export(TestTopics topics, List<String> args) {
        return topics.run(
                "export",
                Stream.concat(args.stream(), Stream.of("-w", file())).toArray(String[]::new));
    }

    private String file() {
        return folder.resolve("out.pcapng").toString();
    }

    private List<String> payloads() {
        return tshark("data.data").stream()
                .map(hex -> new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8))
                .map(String::trim)
                .toList();
    }

    private List<String> tshark(String field) {
        String out =
                Tools.run("tshark", "-r", file(), "-T", "fields", "-e", field).orFail().stdout();
        return out.lines().toList();
    }

    private static TestPacket packet(long laneNumber, long second) {
        return new TestPacket(laneNumber, T0 + second * SECOND, "" + laneNumber);
    }

    private static PacketBatch batch(
            String sensor,
            String session,
            int partition,
            long firstPacketNumber,
            TestPacket... packets) {
        return Batches.batch(sensor, session, 0, partition, firstPacketNumber, List.of(packets));
    }
}
