package dev.ringtail.sensor.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.schema.Balance;
import dev.ringtail.schema.CaptureReport;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Tally;
import dev.ringtail.sensor.config.ByteSize;
import dev.ringtail.sensor.config.RecordConfig;
import dev.ringtail.sensor.config.TimeSpan;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.ledger.SessionFacts;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Packets of lanes into real files: their order, what ends where, and what is counted.
class RecorderTest {
    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final Duration NO_WAIT = Duration.ZERO;
    private static final Duration FOR_EVER = Duration.ofHours(1);
    private static final long PLENTY = 8 << 20;
    private static final int BATCH_BYTES = 16 << 10;
    private static final ByteSize NEVER_BY_SIZE = new ByteSize(0);
    private static final TimeSpan NEVER_BY_TIME = TimeSpan.ofMillis(0);

    @TempDir private Path folder;
    private Path file;

    private final Ledger ledger =
            new Ledger(
                    new SessionFacts("a", "s1", "host", "ringtail", 0, 1, ""), Clock.systemUTC());

    @BeforeEach
    void attach() {
        file = folder.resolve("out.pcapng");
        ledger.captures()
                .attached(
                        CaptureReport.newBuilder()
                                .setCaptureId(RecordedLane.CAPTURE_ID)
                                .setInterfaceName(RecordedLane.INTERFACE)
                                .setInterfaceIndex(1)
                                .setNetworkNamespaceInode(0)
                                .setLinkType(LinkType.ETHERNET)
                                .setSnapLength(RecordedLane.SNAP_LENGTH)
                                .setFilter("")
                                .setDescription("")
                                .build());
    }

    /// Lanes hand over whenever they like; as each is waited for, the file is in time order.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void mergesLanesInTimeOrder(int laneCount) throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<RecordedPacket> captured = new ArrayList<>();
        try (Recorder recorder = recorder(single(), PLENTY, FOR_EVER)) {
            List<RecordedLane> lanes = lanes(laneCount, recorder);
            recorder.start();
            int[] numbers = new int[laneCount];
            for (int i = 0; i < 20_000; i++) {
                int lane = random.nextInt(laneCount);
                int length = 8 + random.nextInt(200);
                // Times of different lanes are never equal.
                long timestampNs = 1_000_000L + (long) i * laneCount;
                lanes.get(lane).capture(timestampNs, length);
                captured.add(new RecordedPacket(lane, numbers[lane]++, timestampNs, length));
                if (random.nextInt(100) == 0) {
                    lanes.get(random.nextInt(laneCount)).handOver();
                }
            }
            lanes.forEach(RecordedLane::handOver);
            recorder.drain(DRAIN);
            assertThat(recorder.failure()).isNull();
        }

        assertThat(RecordedPacket.all(file)).as("seed %d", seed).isEqualTo(captured);
        assertAcknowledged(captured);
    }

    /// The kernel's stamps within a lane may step back; its packets keep their order all the same.
    @Test
    void keepsTheOrderWithinALaneWhateverTheStamps() throws IOException {
        try (Recorder recorder = recorder(single(), PLENTY, FOR_EVER)) {
            List<RecordedLane> lanes = lanes(2, recorder);
            recorder.start();
            for (long timestampNs : new long[] {100, 300, 200, 400}) {
                lanes.get(0).capture(timestampNs, 60);
            }
            lanes.get(1).capture(250, 60);
            lanes.forEach(RecordedLane::handOver);
            recorder.drain(DRAIN);
        }

        assertThat(RecordedPacket.all(file))
                .extracting(RecordedPacket::timestampNs)
                .containsExactly(100L, 250L, 300L, 200L, 400L);
    }

    @Test
    void doesNotWaitForASilentLaneForEver() throws IOException {
        try (Recorder recorder = recorder(single(), PLENTY, Duration.ofMillis(1))) {
            List<RecordedLane> lanes = lanes(2, recorder);
            recorder.start();
            lanes.get(0).capture(100, 60);
            lanes.get(0).handOver();
            awaitPackets(1);

            // What comes too late is written all the same, behind what should be behind it.
            lanes.get(1).capture(50, 60);
            lanes.get(1).handOver();
            awaitPackets(2);
            recorder.drain(DRAIN);
        }

        assertThat(RecordedPacket.all(file))
                .extracting(RecordedPacket::timestampNs)
                .containsExactly(100L, 50L);
        assertThat(Balance.check(ledger.snapshot(true))).isEmpty();
    }

    @Test
    void doesNotWaitForASilentLaneWhenMemoryIsFull() throws IOException {
        try (Recorder recorder = recorder(single(), 1, FOR_EVER)) {
            List<RecordedLane> lanes = lanes(2, recorder);
            recorder.start();
            lanes.get(0).capture(100, 60);
            lanes.get(0).handOver();
            awaitPackets(1);
            recorder.drain(DRAIN);
        }
    }

    @Test
    void beginsAnotherFileWhenOneIsFullAndLosesNothingBetween() throws IOException {
        RecordConfig config =
                new RecordConfig(file.toString(), ByteSize.parse("64KiB"), NEVER_BY_TIME, 0);
        List<RecordedPacket> captured = captureMany(config, 3000);

        List<Path> files = filesByName();
        assertThat(files).hasSizeGreaterThan(3);
        assertThat(files.getFirst().getFileName().toString()).matches("out_00001_\\d{14}\\.pcapng");
        List<RecordedPacket> found = new ArrayList<>();
        for (Path each : files) {
            List<RecordedPacket> packets = RecordedPacket.all(each);
            assertThat(packets).isNotEmpty();
            found.addAll(packets);
            if (!each.equals(files.getLast())) {
                assertThat(Files.size(each)).isBetween(64L << 10, (64L << 10) + 1000);
            }
        }
        assertThat(found).isEqualTo(captured);
        assertAcknowledged(captured);
    }

    @Test
    void keepsTheNewestFilesAlone() throws IOException {
        RecordConfig config =
                new RecordConfig(file.toString(), ByteSize.parse("64KiB"), NEVER_BY_TIME, 2);
        List<RecordedPacket> captured = captureMany(config, 3000);

        List<Path> files = filesByName();
        assertThat(files).hasSize(2);
        List<RecordedPacket> found = new ArrayList<>(RecordedPacket.all(files.getFirst()));
        found.addAll(RecordedPacket.all(files.getLast()));
        assertThat(found)
                .isEqualTo(captured.subList(captured.size() - found.size(), captured.size()));
        assertAcknowledged(captured);
    }

    @Test
    void refusesToBeginWhereNothingCanBeWritten() {
        RecordConfig config = new RecordConfig("/dev/full", NEVER_BY_SIZE, NEVER_BY_TIME, 0);
        try (Recorder recorder = recorder(config, PLENTY, NO_WAIT)) {
            assertThatThrownBy(recorder::start)
                    .isInstanceOf(RecordException.class)
                    .hasMessageStartingWith("can't write /dev/full: No space left on device");
        }
    }

    /// The folder goes while the first file is written, so that the second can't be created.
    @Test
    void countsWhatIsInNoFileAfterAFailure() throws IOException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        RecordConfig config =
                new RecordConfig(
                        gone.resolve("out.pcapng").toString(),
                        ByteSize.parse("64KiB"),
                        NEVER_BY_TIME,
                        0);
        try (Recorder recorder = recorder(config, PLENTY, NO_WAIT)) {
            List<RecordedLane> lanes = lanes(1, recorder);
            recorder.start();
            try (Stream<Path> files = Files.list(gone)) {
                for (Path each : files.toList()) {
                    Files.move(each, folder.resolve(each.getFileName()));
                }
            }
            Files.delete(gone);
            for (int i = 0; i < 3000; i++) {
                lanes.getFirst().capture(i, 100); // Waits for a free batch.
            }
            lanes.getFirst().handOver();
            recorder.drain(DRAIN);
            assertThat(recorder.failure())
                    .isInstanceOf(RecordException.class)
                    .hasMessageContaining("gone")
                    .hasMessageContaining("No such file or directory");
        }

        SensorReport report = ledger.snapshot(true);
        LaneLedger lane = report.getLanes().getFirst();
        assertThat(Balance.check(report)).isEmpty();
        long inFile = RecordedPacket.all(filesByName().getFirst()).size();
        assertThat(lane.getAcknowledged()).isEqualTo(new Tally(inFile, inFile * 100));
        assertThat(lane.getRejected())
                .containsOnlyKeys("FileNotFoundException")
                .containsValue(new Tally(3000 - inFile, (3000 - inFile) * 100));
    }

    @Test
    void countsWhatNobodyTookWhenItWasNeverStarted() {
        try (Recorder recorder = recorder(single(), PLENTY, NO_WAIT)) {
            RecordedLane lane = lanes(1, recorder).getFirst();
            lane.capture(1, 100);
            lane.handOver();
        }

        assertThat(ledger.snapshot(true).getLanes().getFirst().getUnknown())
                .isEqualTo(new Tally(1L, 100L));
        assertThat(file).doesNotExist();
    }

    private List<RecordedPacket> captureMany(RecordConfig config, int count) {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<RecordedPacket> captured = new ArrayList<>();
        try (Recorder recorder = recorder(config, PLENTY, NO_WAIT)) {
            RecordedLane lane = lanes(1, recorder).getFirst();
            recorder.start();
            for (int i = 0; i < count; i++) {
                int length = 8 + random.nextInt(200);
                lane.capture(i, length);
                captured.add(new RecordedPacket(0, i, i, length));
            }
            lane.handOver();
            recorder.drain(DRAIN);
            assertThat(recorder.failure()).as("seed %d", seed).isNull();
        }
        return captured;
    }

    private RecordConfig single() {
        return new RecordConfig(file.toString(), NEVER_BY_SIZE, NEVER_BY_TIME, 0);
    }

    private Recorder recorder(RecordConfig config, long heldBytes, Duration laneDelay) {
        Recording recording =
                new Recording(
                        config,
                        new FileSeries(config, Clock.systemUTC()),
                        () -> ledger.snapshot(false));
        return new Recorder(recording, ledger, heldBytes, laneDelay);
    }

    private List<RecordedLane> lanes(int count, Recorder recorder) {
        List<RecordedLane> lanes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lanes.add(new RecordedLane(i, BATCH_BYTES, ledger, recorder));
        }
        return lanes;
    }

    /// A reader of the file while it is written.
    private void awaitPackets(int count) {
        await().untilAsserted(() -> assertThat(RecordedPacket.all(file)).hasSize(count));
    }

    private List<Path> filesByName() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        }
    }

    private void assertAcknowledged(List<RecordedPacket> captured) {
        SensorReport report = ledger.snapshot(true);
        assertThat(Balance.check(report)).isEmpty();
        assertThat(
                        report.getLanes().stream()
                                .mapToLong(l -> l.getAcknowledged().getPackets())
                                .sum())
                .isEqualTo(captured.size());
        assertThat(report.getLanes().stream().mapToLong(l -> l.getAcknowledged().getBytes()).sum())
                .isEqualTo(captured.stream().mapToLong(RecordedPacket::length).sum());
    }
}
