package dev.ringtail.sensor.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.sensor.ledger.LaneCounters;
import dev.ringtail.sensor.ledger.LaneTerm;
import dev.ringtail.sensor.linux.FrameSender;
import dev.ringtail.sensor.linux.InNamespace;
import dev.ringtail.sensor.ring.Fanout;
import dev.ringtail.sensor.ring.FanoutGroup;
import dev.ringtail.sensor.ring.Memberships;
import dev.ringtail.sensor.ring.RingGeometry;
import dev.ringtail.sensor.ring.SocketOptions;
import dev.ringtail.sensor.ring.TimestampSource;
import dev.ringtail.sensor.ring.VethLab;
import dev.ringtail.testing.Privileged;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// A stop while packets go on coming, since the filter is locked: the lane takes what the kernel
/// has counted, to the packet.
@Privileged
class LockedFilterIT { // R9, R20
    @ParameterizedTest
    @CsvSource({"1, false", "2, false", "1, true"})
    @Timeout(60)
    void balancesThoughPacketsGoOnComing(int ringCount, boolean immediate) throws Exception {
        SocketOptions options =
                new SocketOptions(
                        false,
                        immediate,
                        Fanout.of(Fanout.Mode.LB),
                        Memberships.NONE,
                        TimestampSource.RECEIVE,
                        false,
                        true);
        AtomicBoolean stopped = new AtomicBoolean();
        try (VethLab lab = new VethLab()) {
            FanoutGroup group = lab.open(ringCount, new RingGeometry(128 << 10, 64, 20), options);
            Thread traffic = Thread.ofPlatform().start(() -> send(lab, stopped));
            List<EncodedLab> labs = new ArrayList<>();
            List<Lane> lanes = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < ringCount; i++) {
                EncodedLab encoded = new EncodedLab(1, 262_144);
                labs.add(encoded);
                Lane lane =
                        new Lane(
                                group.rings().get(i),
                                encoded.batches,
                                encoded.encoder,
                                encoded.counters,
                                Duration.ofMillis(50));
                lanes.add(lane);
                threads.add(Thread.ofPlatform().start(lane));
            }
            await().until(
                            () -> {
                                labs.forEach(LockedFilterIT::takeBatches);
                                return labs.stream()
                                        .allMatch(
                                                l -> l.counters.packets(LaneTerm.RECEIVED) > 3000);
                            });

            assertThat(group.deafen()).isFalse();
            lanes.forEach(l -> l.drainLocked(Duration.ofSeconds(20)));
            for (Thread thread : threads) {
                while (thread.isAlive()) {
                    labs.forEach(LockedFilterIT::takeBatches);
                    thread.join(Duration.ofMillis(2));
                }
            }

            assertThat(stopped).as("traffic ran to the end").isFalse();
            // What came after the lanes' end is in the rings, and nobody's.
            await().until(() -> group.rings().getFirst().takeStatistics().packets() > 0);
            stopped.set(true);
            traffic.join();
            for (EncodedLab encoded : labs) {
                LaneCounters counters = encoded.counters;
                assertThat(counters.kernelPackets() - counters.kernelDrops())
                        .isEqualTo(counters.packets(LaneTerm.RECEIVED))
                        .isEqualTo(counters.packets(LaneTerm.PUBLISHED));
                assertThat(counters.shed()).isEmpty();
            }
        }
    }

    private static void send(VethLab lab, AtomicBoolean stopped) {
        try {
            InNamespace.call(
                    lab.namespace,
                    () -> {
                        try (FrameSender sender = new FrameSender("a0")) {
                            for (int i = 0; i < 20_000_000 && !stopped.get(); i++) {
                                sender.send(VethLab.flowFrame(i & 255, false, i));
                            }
                        }
                        return null;
                    });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void takeBatches(EncodedLab lab) {
        EncodedBatch batch = lab.pool.poll();
        while (batch != null) {
            lab.pool.giveBack(batch);
            batch = lab.pool.poll();
        }
    }
}
