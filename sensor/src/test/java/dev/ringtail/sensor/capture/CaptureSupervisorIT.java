package dev.ringtail.sensor.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.libpcap.FilterSyntaxException;
import dev.ringtail.schema.CaptureReport;
import dev.ringtail.schema.GapReport;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.sensor.config.ConfigLoader;
import dev.ringtail.sensor.config.CpuList;
import dev.ringtail.sensor.config.InvalidConfigException;
import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.lane.BatchBudget;
import dev.ringtail.sensor.lane.OwnTrafficMatcher;
import dev.ringtail.sensor.ledger.Ledger;
import dev.ringtail.sensor.ledger.SessionFacts;
import dev.ringtail.sensor.linux.CpuAffinity;
import dev.ringtail.sensor.linux.FrameSender;
import dev.ringtail.sensor.linux.InNamespace;
import dev.ringtail.sensor.linux.SyscallException;
import dev.ringtail.testing.Frames;
import dev.ringtail.testing.NetworkNamespace;
import dev.ringtail.testing.Privileged;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What becomes of a capture when its links change, on veth pairs in a network namespace that the
/// supervisor enters by itself (`netns`).
@Privileged
@Timeout(60)
class CaptureSupervisorIT {
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);
    private static final Map<String, Object> RING =
            Map.of("blockSize", "128KiB", "blockCount", 64, "blockTimeout", "10ms");

    private final NetworkNamespace namespace = NetworkNamespace.create();
    private final MemorySink sink = new MemorySink();
    private Ledger ledger;
    private long batchMemory = 64 << 20;
    private CaptureSupervisor supervisor;

    @BeforeEach
    void makeLinks() {
        namespace.run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
        makePair("a0", "a1");
    }

    private void makePair(String near, String far) {
        namespace.run("ip link add " + near + " type veth peer name " + far);
        namespace.run("ip link set " + near + " up");
        namespace.run("ip link set " + far + " up");
    }

    @AfterEach
    void close() {
        if (supervisor != null) {
            supervisor.stop(Duration.ZERO);
            supervisor.close();
        }
        namespace.close();
    }

    // R11
    @Test
    void resumesByItselfWhenTheLinkIsUpAgain() throws Exception {
        start(Map.of("interfaces", List.of("a1")));
        send("a0", 1, 2);
        awaitPackets(1, 2);

        namespace.run("ip link set a1 down");
        await().until(() -> gaps().size() == 1);
        namespace.run("ip link set a1 up");
        await().until(() -> gaps().getFirst().getToNs() > 0);
        send("a0", 3, 4);
        awaitPackets(1, 2, 3, 4);

        stop();
        assertThat(gaps())
                .singleElement()
                .satisfies(
                        gap -> {
                            assertThat(gap.getInterfaceName()).isEqualTo("a1");
                            assertThat(gap.getReason()).isEqualTo("it was down");
                            assertThat(gap.getToNs()).isGreaterThan(gap.getFromNs());
                        });
        assertThat(captureIds()).containsOnly(1);
    }

    // R11
    @Test
    void capturesALinkAnewThatWasDeletedAndMadeAgain() throws Exception {
        start(Map.of("interfaces", List.of("a1"), "lanes", 2));
        send("a0", 1, 2, 3);
        awaitPackets(1, 2, 3);

        namespace.run("ip link delete a1");
        await().until(() -> gaps().size() == 1);
        makePair("a0", "a1");
        await().until(() -> gaps().getFirst().getToNs() > 0);
        send("a0", 4, 5, 6);
        awaitPackets(1, 2, 3, 4, 5, 6);

        stop();
        assertThat(captures())
                .extracting(CaptureReport::getCaptureId, CaptureReport::getDetachReason)
                .containsExactly(
                        tuple(1, "it was deleted or moved to another network namespace"),
                        tuple(2, "the sensor stopped"));
        assertThat(gaps().getFirst().getReason())
                .endsWith("it was deleted or moved to another network namespace");
        assertThat(sink.collect().getLast().getCaptureId()).isEqualTo(2);
        assertPacketNumbersHaveNoHole();
    }

    // R11
    @Test
    void letsALinkGoThatIsMovedAndTakesItBack() throws Exception {
        start(Map.of("interfaces", List.of("a1")));
        try (NetworkNamespace other = NetworkNamespace.create()) {
            namespace.run("ip link set a1 netns " + other.name());
            await().until(() -> gaps().size() == 1);
            other.run("ip link set a1 netns " + namespace.name());
        }
        namespace.run("ip link set a1 up");
        await().until(() -> gaps().getFirst().getToNs() > 0);
        send("a0", 7);

        awaitPackets(7);
        stop();
    }

    // R11
    @Test
    void goesOnUnderANewNameWithoutALoss() throws Exception {
        start(Map.of("interfaces", List.of("a1")));
        AtomicBoolean renamed = new AtomicBoolean();
        AtomicInteger sent = new AtomicInteger();
        Thread traffic = sendUntil(renamed, sent);

        await().until(() -> sent.get() > 100);
        namespace.run("ip link set a1 name b1");
        await().until(() -> captures().size() == 2);
        renamed.set(true);
        traffic.join();

        awaitPackets(IntStream.rangeClosed(1, sent.get()).toArray());
        stop();
        assertThat(gaps()).isEmpty();
        assertThat(captures())
                .extracting(CaptureReport::getInterfaceName)
                .containsExactly("a1", "b1");
        assertThat(sink.collect()).extracting(PacketBatch::getInterfaceName).contains("a1", "b1");
    }

    // R11
    @Test
    void gapOfALinkThatIsRenamedWhileItIsDownEndsUnderItsNewName() throws Exception {
        start(Map.of("interfaces", List.of("a1")));
        namespace.run("ip link set a1 down");
        namespace.run("ip link set a1 name b1");
        await().until(() -> gaps().size() == 2);
        assertThat(gaps().getLast().getToNs()).isZero();
        namespace.run("ip link set b1 up");
        await().until(() -> gaps().getLast().getToNs() > 0);
        send("a0", 1);
        awaitPackets(1);

        stop();
        assertThat(gaps())
                .extracting(GapReport::getInterfaceName, GapReport::getReason)
                .containsExactly(tuple("a1", "it was down"), tuple("b1", "it was down"));
        assertThat(gaps().getFirst().getToNs()).isEqualTo(gaps().getLast().getFromNs());
    }

    // R11
    @Test
    void capturesEveryLinkOfAPatternThatIsThereOrComes() throws Exception {
        start(Map.of("interfaces", List.of("p*"), "maxInterfaces", 2));
        assertThat(supervisor.status()).isEmpty();

        makePair("x0", "p0");
        makePair("x1", "p1");
        await().until(() -> supervisor.status().size() == 2);
        send("x0", 1);
        send("x1", 2);
        awaitPackets(1, 2);

        // No third one, until there is room.
        makePair("x2", "p2");
        namespace.run("ip link delete p0");
        await().until(
                        () ->
                                supervisor.status().stream()
                                        .map(CaptureStatus::interfaceName)
                                        .sorted()
                                        .toList()
                                        .equals(List.of("p1", "p2")));
        send("x2", 3);
        awaitPackets(1, 2, 3);

        SensorReport last = stop();
        assertThat(last.getLanes()).hasSize(2);
        assertPacketNumbersHaveNoHole();
    }

    @Test
    void waitsForALinkThatIsDownAtTheStart() throws Exception {
        namespace.run("ip link set a1 down");
        start(Map.of("interfaces", List.of("a1")));
        assertThat(supervisor.status()).isEmpty();
        assertThat(gaps()).hasSize(1);

        namespace.run("ip link set a1 up");
        await().until(() -> supervisor.status().size() == 1);
        send("a0", 1);

        awaitPackets(1);
        stop();
    }

    // R19
    @Test
    void capturesAllInterfacesAtOnceWithTheirIndexAndAddress() throws Exception {
        start(Map.of("interfaces", List.of("any"), "filter", "udp and inbound"));
        makePair("b0", "b1");
        send("a0", 1);
        send("b0", 2);
        await().until(
                        () ->
                                sink.collect().stream().mapToInt(b -> b.getPackets().size()).sum()
                                        == 2);

        stop();
        PacketBatch batch = sink.collect().getFirst();
        assertThat(batch.getLinkType()).isEqualTo(LinkType.LINUX_SLL2);
        assertThat(batch.getInterfaceName()).isEqualTo("any");
        List<ByteBuffer> data =
                sink.collect().stream()
                        .flatMap(b -> b.getPackets().stream())
                        .map(p -> p.getData())
                        .toList();
        int first = index("a1");
        int second = index("b1");
        assertThat(data).extracting(d -> d.getInt(4)).containsExactly(first, second);
        assertThat(data).allSatisfy(d -> assertThat(d.getShort(0)).isEqualTo((short) 0x0800));
        assertThat(data).allSatisfy(d -> assertThat(d.getShort(12)).isEqualTo((short) 0x0200));
    }

    private int index(String name) {
        return Integer.parseInt(
                namespace.run("cat /sys/class/net/" + name + "/ifindex").stdout().strip());
    }

    // R18
    @Test
    void letsTheNamespaceGoWhenItEnds() throws Exception {
        NetworkNamespace ending = NetworkNamespace.create();
        long inode = inode(ending);
        ending.run("ip link add end0 type veth peer name e1");
        ending.run("ip link set end0 netns " + namespace.name());
        ending.run("ip link set e1 up");
        start(Map.of("interfaces", List.of("e1"), "netns", ending.path().toString()));

        ending.close();

        await().until(supervisor::namespaceEnded);
        assertThat(captures())
                .singleElement()
                .satisfies(
                        capture -> {
                            assertThat(capture.getNetworkNamespaceInode()).isEqualTo(inode);
                            assertThat(capture.getDetachReason())
                                    .isEqualTo("the network namespace " + ending.path() + " ended");
                        });
        stop();
        supervisor.close();
        supervisor = null;
        // With the namespace its end of the pair is deleted, and so is ours.
        await().untilAsserted(
                        () ->
                                assertThat(namespace.run("ip -o link").stdout())
                                        .doesNotContain("end0"));
    }

    @Test
    void changesTheFilterWithoutALossOrAPacketOfTheOldOne() throws Exception {
        // Every frame is to UDP port 53 and has its number in the payload; the filters look at the
        // number's last bit, and at the one before.
        String odd = "udp[9] & 1 = 1";
        String third = "udp[9] & 3 = 3";
        start(Map.of("interfaces", List.of("a1"), "filter", odd));
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger sent = new AtomicInteger();
        Thread traffic = sendUntil(done, sent);

        await().until(() -> sent.get() > 200);
        int before = sent.get();
        assertThat(
                        supervisor.changeFilters(
                                config(Map.of("interfaces", List.of("a1"), "filter", third))))
                .containsExactly("a1");
        int after = sent.get();
        await().until(() -> sent.get() > after + 200);
        done.set(true);
        traffic.join();

        stop();
        List<Integer> first = numbers(1);
        List<Integer> second = numbers(2);
        assertThat(first).isNotEmpty().allMatch(n -> n % 2 == 1);
        assertThat(second).isNotEmpty().allMatch(n -> n % 4 == 3);
        // What both filters take is there without a hole, whichever capture has it.
        assertThat(IntStream.rangeClosed(1, sent.get()).filter(n -> n % 4 == 3).boxed())
                .allMatch(n -> first.contains(n) || second.contains(n));
        // All that the first takes and that came before the change is there, though it was in the
        // ring when the change began.
        assertThat(first)
                .containsAll(
                        IntStream.rangeClosed(1, before).filter(n -> n % 2 == 1).boxed().toList());
        assertThat(second.getLast()).isGreaterThan(after);
    }

    @Test
    void aLaneThatNobodyServesDoesNotStopTheOthers() throws Exception {
        batchMemory = 4 << 20;
        start(Map.of("interfaces", List.of("a1"), "lanes", 2));
        // Far more than the batches of one lane hold.
        int rounds = 40;
        int flows = 200;
        for (int round = 0; round < rounds; round++) {
            sendFlows(flows);
            sink.collect(1);
        }

        await().until(
                        () -> {
                            sink.collect(1);
                            LaneLedger served = ledger.snapshot(false).getLanes().get(1);
                            return served.getKernelPackets() > 0 && packetsAreRead(served);
                        });
        // The other was stuck for want of batches, and left what came then in its ring.
        await().until(
                        () -> {
                            LaneLedger stuck = ledger.snapshot(false).getLanes().get(0);
                            return stuck.getReceived().getPackets() > 0 && !packetsAreRead(stuck);
                        });

        Thread taker = takeUntilStopped();
        stop();
        taker.interrupt();
        taker.join();
    }

    private static boolean packetsAreRead(LaneLedger lane) {
        return lane.getReceived().getPackets() == lane.getKernelPackets() - lane.getKernelDrops();
    }

    private Thread takeUntilStopped() {
        return Thread.ofPlatform()
                .start(
                        () -> {
                            while (!Thread.currentThread().isInterrupted()) {
                                sink.collect();
                                Thread.onSpinWait();
                            }
                        });
    }

    private void sendFlows(int flows) throws Exception {
        InNamespace.call(
                namespace,
                () -> {
                    try (FrameSender sender = new FrameSender("a0")) {
                        for (int flow = 0; flow < flows; flow++) {
                            sender.send(
                                    Frames.ethernet(
                                            "0800",
                                            Frames.ipv4(
                                                    17,
                                                    0,
                                                    "%04x 0035 0578 0000 ".formatted(1024 + flow)
                                                            + "00".repeat(1392))));
                        }
                        return null;
                    }
                });
    }

    @Test
    void pinsLanesToTheirProcessors() throws Exception {
        List<Integer> allowed = CpuList.parse(CpuAffinity.allowedList()).cpus();
        String cpus = allowed.getLast() + "," + allowed.getFirst();
        start(Map.of("interfaces", List.of("a1"), "lanes", 2, "cpus", cpus));

        await().untilAsserted(
                        () -> {
                            assertThat(processorsOf("rt-lane-0"))
                                    .isEqualTo(String.valueOf(allowed.getLast()));
                            assertThat(processorsOf("rt-lane-1"))
                                    .isEqualTo(String.valueOf(allowed.getFirst()));
                        });
        assertThat(processorsOf("rt-netns")).isEqualTo(CpuAffinity.allowedList());
        stop();
    }

    private static String processorsOf(String thread) throws Exception {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                if (Files.readString(task.resolve("comm")).strip().equals(thread)) {
                    return Files.readAllLines(task.resolve("status")).stream()
                            .filter(line -> line.startsWith("Cpus_allowed_list:"))
                            .map(line -> line.substring(line.indexOf(':') + 1).strip())
                            .findFirst()
                            .orElseThrow();
                }
            }
        }
        throw new AssertionError("no thread " + thread);
    }

    @Test
    void refusesAProcessorThatIsNotThere() {
        assertThatThrownBy(() -> start(Map.of("interfaces", List.of("a1"), "cpus", "1000")))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageStartingWith("cpus: processor 1000 is not among those");
    }

    @Test
    void aRenameRightAfterAChangeOfTheFilterLetsNothingOfTheOldOneThrough() throws Exception {
        start(Map.of("interfaces", List.of("a1"), "filter", "udp[9] & 1 = 1"));
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger sent = new AtomicInteger();
        Thread traffic = sendUntil(done, sent);
        await().until(() -> sent.get() > 200);

        changeFilter("udp[9] & 3 = 3");
        namespace.run("ip link set a1 name b1");
        await().until(() -> captures().size() == 3);
        changeFilter("udp[9] & 3 = 1");
        int after = sent.get();
        await().until(() -> sent.get() > after + 200);
        done.set(true);
        traffic.join();

        stop();
        assertThat(numbers(1)).allMatch(n -> n % 2 == 1);
        assertThat(numbers(2)).allMatch(n -> n % 4 == 3);
        assertThat(numbers(3)).allMatch(n -> n % 4 == 3);
        assertThat(numbers(4)).isNotEmpty().allMatch(n -> n % 4 == 1);
    }

    private void changeFilter(String filter) {
        assertThat(
                        supervisor.changeFilters(
                                config(Map.of("interfaces", List.of("a1"), "filter", filter))))
                .hasSize(1);
    }

    // R9
    @Test
    void goesBackToTheOldFilterWhereTheKernelHasNoRoomForTheNewOne() throws Exception {
        start(Map.of("interfaces", List.of("a1"), "filter", "udp", "lanes", 2));
        namespace.run("sysctl -qw net.core.optmem_max=4096");
        String large = "1000," + "0 0 0 1,".repeat(999) + "6 0 0 0";

        assertThatThrownBy(() -> changeFilter(large))
                .isInstanceOf(SyscallException.class)
                .hasMessageContaining("ENOMEM")
                .hasMessageContaining("net.core.optmem_max");

        send("a0", 1, 2);
        awaitPackets(1, 2);
        stop();
        assertThat(captures().getLast().getFilter()).isEqualTo("udp");
        assertThat(sink.collect().getLast().getCaptureId())
                .isEqualTo(captures().getLast().getCaptureId());
    }

    // R9
    @Test
    void aLockedFilterIsNotChangedAndItsStopBalances() throws Exception {
        start(Map.of("interfaces", List.of("a1"), "filter", "udp", "lockFilter", true));
        assertThatThrownBy(() -> changeFilter("tcp"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageStartingWith("lockFilter: ");
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger sent = new AtomicInteger();
        Thread traffic = sendUntil(done, sent);
        await().until(() -> sent.get() > 200);

        stop();
        done.set(true);
        traffic.join();
    }

    @Test
    void leavesOutWhatAPatternExcepts() throws Exception {
        Map<String, Object> entry = Map.of("name", "p*", "except", List.of("p1", "px*"));
        start(Map.of("interfaces", List.of(entry), "filter", "udp"));

        // In this order: when the last one is captured, the others have been passed over.
        makePair("x1", "p1");
        makePair("x2", "px2");
        makePair("x3", "p3");
        await().until(() -> supervisor.status().size() == 1);
        assertThat(supervisor.status().getFirst().interfaceName()).isEqualTo("p3");
        send("x1", 1);
        send("x2", 2);
        send("x3", 3);
        awaitPackets(3);

        assertThatThrownBy(
                        () -> supervisor.changeFilters(config(Map.of("interfaces", List.of("p*")))))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageStartingWith("interfaces: ");
        stop();
    }

    @Test
    void refusesOtherInterfacesWhileItRuns() throws Exception {
        start(Map.of("interfaces", List.of("a1"), "filter", "udp"));

        assertThatThrownBy(
                        () ->
                                supervisor.changeFilters(
                                        config(
                                                Map.of(
                                                        "interfaces",
                                                        List.of("a1", "lo"),
                                                        "filter",
                                                        "tcp"))))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageStartingWith("interfaces: ");
        stop();
    }

    @Test
    void keepsTheFiltersWhereANewOneIsWrong() throws Exception {
        start(Map.of("interfaces", List.of("a1"), "filter", "udp"));

        assertThatThrownBy(
                        () ->
                                supervisor.changeFilters(
                                        config(
                                                Map.of(
                                                        "interfaces",
                                                        List.of("a1"),
                                                        "filter",
                                                        "udp prt"))))
                .isInstanceOf(FilterSyntaxException.class);

        send("a0", 1);
        awaitPackets(1);
        stop();
        assertThat(captures()).hasSize(1);
    }

    private SensorConfig config(Map<String, Object> settings) {
        ConfigLoader loader =
                new ConfigLoader(Map.of())
                        .set("netns", namespace.name())
                        .set("sensorId", "lab")
                        .set("ring", RING);
        settings.forEach(loader::set);
        return loader.load();
    }

    private void start(Map<String, Object> settings) {
        SensorConfig config = config(settings);
        ledger =
                new Ledger(
                        new SessionFacts("lab", "session", "host", "test", 0, 1, ""),
                        Clock.systemUTC());
        supervisor = CaptureSupervisor.prepare(config);
        BatchBudget budget =
                BatchBudget.share(
                        batchMemory,
                        256 << 10,
                        sink.maxBatchBytes(),
                        config.laneCount(),
                        1,
                        128 << 10);
        supervisor.open(
                ledger,
                new LaneFactory(config, sink, budget, ledger, sink, OwnTrafficMatcher.NONE));
        supervisor.start();
    }

    /// Stops, and checks that the lanes' side of the ledger adds up.
    private SensorReport stop() {
        supervisor.stop(DRAIN_LIMIT);
        assertThat(supervisor.failure()).isNull();
        SensorReport report = ledger.snapshot(true);
        for (LaneLedger lane : report.getLanes()) {
            assertThat(lane.getKernelPackets())
                    .isEqualTo(lane.getKernelDrops() + lane.getReceived().getPackets());
            assertThat(lane.getReceived().getPackets())
                    .isEqualTo(
                            lane.getPublished().getPackets()
                                    + lane.getExcludedStaleFilter().getPackets());
            assertThat(lane.getPending().getPackets()).isZero();
        }
        return report;
    }

    private List<GapReport> gaps() {
        return ledger.snapshot(false).getGaps();
    }

    private List<CaptureReport> captures() {
        return ledger.snapshot(false).getCaptures();
    }

    private List<Integer> captureIds() {
        return sink.collect().stream().map(PacketBatch::getCaptureId).distinct().toList();
    }

    private void assertPacketNumbersHaveNoHole() {
        Map<Integer, Long> next = new HashMap<>();
        for (PacketBatch batch : sink.collect()) {
            assertThat(batch.getFirstPacketNumber())
                    .isEqualTo(next.getOrDefault(batch.getLane(), 1L));
            next.put(batch.getLane(), batch.getFirstPacketNumber() + batch.getPackets().size());
        }
    }

    private void send(String interfaceName, int... numbers) throws Exception {
        InNamespace.call(
                namespace,
                () -> {
                    try (FrameSender sender = new FrameSender(interfaceName)) {
                        IntStream.of(numbers).forEach(n -> sender.send(frame(n)));
                        return null;
                    }
                });
    }

    private Thread sendUntil(AtomicBoolean end, AtomicInteger sent) {
        return Thread.ofPlatform()
                .start(
                        () -> {
                            try {
                                InNamespace.call(
                                        namespace,
                                        () -> {
                                            try (FrameSender sender = new FrameSender("a0")) {
                                                while (!end.get() && sent.get() < 60_000) {
                                                    sender.send(frame(sent.get() + 1));
                                                    sent.incrementAndGet();
                                                    // The numbers must outlast a slow machine.
                                                    LockSupport.parkNanos(100_000);
                                                }
                                                return null;
                                            }
                                        });
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        });
    }

    /// A UDP frame with a number in the first two bytes of its payload.
    private static byte[] frame(int number) {
        return Frames.ethernet(
                "0800",
                Frames.ipv4(17, 0, "1234 0035 0010 0000 %04x 030405060708".formatted(number)));
    }

    private void awaitPackets(int... numbers) {
        await().untilAsserted(
                        () ->
                                assertThat(numbers(0))
                                        .containsExactlyInAnyOrderElementsOf(
                                                IntStream.of(numbers).boxed().toList()));
    }

    /// Numbers of the packets of a capture, of all for 0.
    private List<Integer> numbers(int captureId) {
        return sink.collect().stream()
                .filter(b -> captureId == 0 || b.getCaptureId() == captureId)
                .flatMap(b -> b.getPackets().stream())
                .map(p -> Short.toUnsignedInt(p.getData().getShort(42)))
                .toList();
    }

    private static long inode(NetworkNamespace of) throws Exception {
        return ((Number) Files.getAttribute(of.path(), "unix:ino")).longValue();
    }
}
