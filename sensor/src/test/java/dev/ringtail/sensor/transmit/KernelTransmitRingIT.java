package dev.ringtail.sensor.transmit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.sensor.lane.VlanTag;
import dev.ringtail.sensor.linux.Errno;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.NetworkInterface;
import dev.ringtail.testing.Frames;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// What the kernel's own tests ask of transmit rings (psock_tpacket.c and psock_snd.c of
/// tools/testing/selftests/net), asked through this package: a ring on `a0`, tcpdump as witness.
@Privileged
@RequiresTool("tcpdump")
@Timeout(120)
class KernelTransmitRingIT { // R21
    private static final TransmitGeometry GEOMETRY = TransmitGeometry.forFrames(1518);

    @TempDir private Path folder;

    private final TransmitLab lab = new TransmitLab();
    private final LibC libc = LibC.load();

    @AfterEach
    void close() {
        lab.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void deliversEveryFrameOnceWithItsLengthSeveralTimesAroundTheRing(boolean bypassQdisc)
            throws Exception {
        long seed = new Random().nextLong();
        List<byte[]> frames =
                TransmitFrames.random(5 * GEOMETRY.slotCount() + 7, 1514, new Random(seed));
        TransmitCounters counters = new TransmitCounters();
        try (Tcpdump witness = Tcpdump.start(lab.namespace, "a1", folder);
                KernelTransmitRing ring = open(bypassQdisc)) {
            RingSink sink =
                    new RingSink(
                            ring.slots(),
                            ring,
                            new FrameLimits(14, 1500),
                            counters,
                            System::nanoTime);
            for (byte[] frame : frames) {
                sink.send(MemorySegment.ofArray(frame), 0, frame.length, VlanTag.NONE);
            }
            sink.flush();

            assertThat(witness.await(frames.size()))
                    .as("seed %d", seed)
                    .usingElementComparator(TransmitFrames.BYTES)
                    .isEqualTo(frames);
        }
        assertThat(counters.sent().packets()).isEqualTo(frames.size());
        assertThat(counters.notSent()).isEmpty();
    }

    /// The limits of [FrameLimits], as the kernel draws them for an MTU of 1500.
    @ParameterizedTest
    @CsvSource({
        "13, 88b5, EINVAL",
        "14, 88b5, ",
        "1514, 88b5, ",
        "1515, 88b5, EMSGSIZE",
        "1518, 8100, ",
        "1519, 8100, EMSGSIZE",
        "1518, 88a8, EMSGSIZE"
    })
    void refusesWrongLengthsAndSendsWhatComesAfter(int length, String type, String error)
            throws Exception {
        byte[] odd = new byte[length];
        System.arraycopy(Frames.bytes(Frames.MACS), 0, odd, 0, 12);
        System.arraycopy(Frames.bytes(type), 0, odd, 12, Math.min(2, length - 12));
        byte[] before = frame(1);
        byte[] after = frame(2);
        try (Tcpdump witness = Tcpdump.start(lab.namespace, "a1", folder);
                KernelTransmitRing ring = open(true)) {
            for (byte[] frame : List.of(before, odd, after)) {
                put(ring, frame);
            }

            long result = ring.kick();

            List<byte[]> expected = new ArrayList<>(List.of(before, odd, after));
            if (error == null) {
                assertThat(ring.slots().collect()).isEqualTo(3);
            } else {
                assertThat(Errno.nameOf((int) -result)).isEqualTo(error);
                assertThat(ring.slots().collect()).isOne();
                assertThat(ring.slots().headRefused()).isTrue();
                assertThat(ring.slots().dropHead()).isEqualTo(length);
                assertThat(ring.kick()).isPositive();
                assertThat(ring.slots().collect()).isOne();
                expected.remove(odd);
            }
            assertThat(witness.await(expected.size()))
                    .usingElementComparator(TransmitFrames.BYTES)
                    .isEqualTo(expected);
        }
    }

    @Test
    void isHiddenFromTapsOfTheSenderOnlyPastTheQdisc() throws Exception {
        try (Tcpdump local = Tcpdump.start(lab.namespace, "a0", folder);
                Tcpdump witness = Tcpdump.start(lab.namespace, "a1", folder);
                KernelTransmitRing past = open(true);
                KernelTransmitRing through = open(false)) {
            put(past, frame(1));
            past.kick();
            put(through, frame(2));
            through.kick();

            assertThat(witness.await(2))
                    .usingElementComparator(TransmitFrames.BYTES)
                    .containsExactly(frame(1), frame(2));
            assertThat(local.await(1))
                    .usingElementComparator(TransmitFrames.BYTES)
                    .containsExactly(frame(2));
        }
    }

    @Test
    void keepsTheFrameOfAnInterfaceThatIsDownUntilItIsUp() throws Exception {
        try (KernelTransmitRing ring = open(true)) {
            lab.namespace.run("ip link set a0 down");
            put(ring, frame(1));
            assertThat(ring.kick()).isEqualTo(-Errno.ENETDOWN.number());
            assertThat(ring.slots().collect()).isZero();
            lab.namespace.run("ip link set a0 up");
            try (Tcpdump witness = Tcpdump.start(lab.namespace, "a1", folder)) {
                ring.kick();
                assertThat(ring.slots().collect()).isOne();
                assertThat(witness.await(1))
                        .usingElementComparator(TransmitFrames.BYTES)
                        .containsExactly(frame(1));
            }
        }
    }

    @Test
    void keepsTheFrameThatADeviceWithoutCarrierDoesNotTake() throws Exception {
        try (KernelTransmitRing ring = open(true)) {
            lab.namespace.run("ip link set a1 down");
            put(ring, frame(1));
            assertThat(ring.kick()).isEqualTo(-Errno.ENOBUFS.number());
            assertThat(ring.slots().collect()).isZero();
            assertThat(ring.slots().pending()).isOne();
            assertThat(ring.slots().dropAll()).isEqualTo(60);
            lab.namespace.run("ip link set a1 up");
            try (Tcpdump witness = Tcpdump.start(lab.namespace, "a1", folder)) {
                put(ring, frame(2));
                ring.kick();
                assertThat(ring.slots().collect()).isOne();
                assertThat(witness.await(1))
                        .usingElementComparator(TransmitFrames.BYTES)
                        .containsExactly(frame(2));
            }
        }
    }

    @Test
    void tellsThatTheInterfaceIsGone() throws Exception {
        TransmitCounters counters = new TransmitCounters();
        try (KernelTransmitRing ring = open(true)) {
            RingSink sink =
                    new RingSink(
                            ring.slots(),
                            ring,
                            new FrameLimits(14, 1500),
                            counters,
                            System::nanoTime);
            lab.namespace.run("ip link del a0");
            sink.send(MemorySegment.ofArray(frame(1)), 0, 60, VlanTag.NONE);
            sink.flush();

            assertThat(sink.failure()).hasMessageStartingWith("send(transmit ring): ENXIO");
            assertThat(counters.notSent().get("ENXIO").packets()).isOne();
        }
    }

    private KernelTransmitRing open(boolean bypassQdisc) throws Exception {
        return lab.call(
                () ->
                        KernelTransmitRing.open(
                                libc, NetworkInterface.byName(libc, "a0"), GEOMETRY, bypassQdisc));
    }

    private static byte[] frame(int number) {
        return TransmitFrames.numbered(number, 60, new Random(number));
    }

    private static void put(KernelTransmitRing ring, byte[] frame) {
        ring.slots().put(MemorySegment.ofArray(frame), 0, frame.length, VlanTag.NONE);
    }
}
