package dev.ringtail.sensor.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.schema.CaptureReport;
import dev.ringtail.schema.Packet;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.PacketType;
import dev.ringtail.schema.SingleObject;
import dev.ringtail.sensor.config.ByteSize;
import dev.ringtail.sensor.config.RecordConfig;
import dev.ringtail.sensor.config.TimeSpan;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.ledger.SessionFacts;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/// When a file ends, by a clock of the test's own.
class RecordingTest {
    private static final long SECOND_NS = 1_000_000_000;
    private static final int REATTACHED_ID = 2;

    @TempDir private Path folder;

    private final Ledger ledger =
            new Ledger(
                    new SessionFacts("a", "s1", "host", "ringtail", 0, 1, ""), Clock.systemUTC());

    @Test
    void endsAFileByItsAgeButNotAnEmptyOne() throws IOException {
        attach(RecordedLane.CAPTURE_ID, 262_144);
        Recording recording = recording();
        recording.begin(0);
        assertThat(recording.isFull(60 * SECOND_NS)).isFalse();

        recording.write(packet(RecordedLane.CAPTURE_ID, 7), 60 * SECOND_NS);
        assertThat(recording.isFull(60 * SECOND_NS)).isTrue();
        recording.flush();
        recording.end();
        assertThat(files()).hasSize(1);

        // The next is begun with its first packet, and its age counts from there.
        recording.write(packet(RecordedLane.CAPTURE_ID, 8), 100 * SECOND_NS);
        assertThat(recording.isFull(109 * SECOND_NS)).isFalse();
        assertThat(recording.isFull(110 * SECOND_NS)).isTrue();
        recording.flush();
        recording.end();

        assertThat(files()).hasSize(2);
        assertThat(RecordedPacket.all(files().getFirst()))
                .extracting(RecordedPacket::number)
                .containsExactly(7);
        assertThat(RecordedPacket.all(files().getLast()))
                .extracting(RecordedPacket::number)
                .containsExactly(8);
    }

    @Test
    void describesAnInterfaceThatIsAttachedToLater() throws IOException {
        attach(RecordedLane.CAPTURE_ID, 262_144);
        Recording recording = recording();
        recording.begin(0);
        recording.write(packet(RecordedLane.CAPTURE_ID, 1), 0);
        attach(REATTACHED_ID, 96);
        recording.write(packet(REATTACHED_ID, 2), 0);
        recording.write(packet(RecordedLane.CAPTURE_ID, 3), 0);
        recording.flush();
        recording.end();

        assertThat(RecordedPacket.all(files().getFirst()))
                .extracting(RecordedPacket::number)
                .containsExactly(1, 2, 3);
    }

    @Test
    void leavesWhatWasFlushedAfterAFault() throws IOException {
        attach(RecordedLane.CAPTURE_ID, 262_144);
        Recording recording = recording();
        recording.begin(0);
        recording.write(packet(RecordedLane.CAPTURE_ID, 1), 0);
        recording.flush();
        recording.write(packet(RecordedLane.CAPTURE_ID, 2), 0);
        recording.giveUp();

        assertThat(RecordedPacket.all(files().getFirst()))
                .extracting(RecordedPacket::number)
                .containsExactly(1);
    }

    private Recording recording() {
        RecordConfig config =
                new RecordConfig(
                        folder.resolve("out.pcapng").toString(),
                        ByteSize.parse("0B"),
                        TimeSpan.parse("10s"),
                        0);
        return new Recording(
                config, new FileSeries(config, Clock.systemUTC()), () -> ledger.snapshot(false));
    }

    private void attach(int captureId, int snapLength) {
        ledger.captures()
                .attached(
                        CaptureReport.newBuilder()
                                .setCaptureId(captureId)
                                .setInterfaceName(RecordedLane.INTERFACE)
                                .setInterfaceIndex(1)
                                .setNetworkNamespaceInode(0)
                                .setLinkType(LinkType.ETHERNET)
                                .setSnapLength(snapLength)
                                .setFilter("")
                                .setDescription("")
                                .build());
    }

    private static PacketBatchReader packet(int captureId, int number) {
        PacketBatchReader reader = new PacketBatchReader();
        reader.wrap(
                SingleObject.encode(
                        PacketBatch.newBuilder()
                                .setSensorId("a")
                                .setSessionId("s1")
                                .setCaptureId(captureId)
                                .setInterfaceName(RecordedLane.INTERFACE)
                                .setLinkType(LinkType.ETHERNET)
                                .setSnapLength(262_144)
                                .setLane(0)
                                .setPartition(0)
                                .setFirstPacketNumber(1)
                                .setFirstLaneNumber(1)
                                .setBaseTimestampNs(5)
                                .setMinTimestampNs(5)
                                .setMaxTimestampNs(5)
                                .setPackets(
                                        List.of(
                                                Packet.newBuilder()
                                                        .setLaneNumberDelta(0)
                                                        .setTimestampOffsetNs(0)
                                                        .setOriginalLength(8)
                                                        .setPacketType(PacketType.HOST)
                                                        .setFlags(0)
                                                        .setData(
                                                                ByteBuffer.allocate(8)
                                                                        .putInt(0)
                                                                        .putInt(number)
                                                                        .flip())
                                                        .build()))
                                .build()));
        assertThat(reader.next()).isTrue();
        return reader;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
