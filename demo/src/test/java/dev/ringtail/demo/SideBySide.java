package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.schema.PacketFlags;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.sensor.Sensor;
import dev.ringtail.sensor.config.ConfigLoader;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// A capture by the whole sensor, exported from Kafka, and one by tcpdump, of the same packets.
///
/// Timestamps must be equal to the nanosecond: the sensor has the kernel stamp packets when they
/// are received (SO_TIMESTAMPNS), and every tap then reads that one stamp.
///
/// @param ours what `export` wrote, until the last packet
/// @param theirs what tcpdump wrote, until the last packet
/// @param topic our packets as they are in the topic, in the order of their lanes
/// @param report the sensor's last
record SideBySide(
        List<FilePacket> ours,
        List<FilePacket> theirs,
        List<TopicPacket> topic,
        SensorReport report) {
    /// What the last packet of the traffic has in it, in hexadecimal digits. Once tcpdump has that
    /// one, both have all that came before; what comes after is nobody's.
    static final String LAST = "6c617374207061636b6574206f66206974";

    /// Sends traffic while both capture.
    ///
    /// @param name of this capture, unique in the lab
    /// @param settings the sensor's
    /// @param arguments tcpdump's
    /// @param traffic ends with a packet that has [#LAST] in it
    static SideBySide capture(
            CaptureLab lab,
            Path folder,
            String name,
            Consumer<ConfigLoader> settings,
            List<String> arguments,
            CaptureLab.Body traffic)
            throws Exception {
        Path exported = folder.resolve(name + ".pcapng");
        Sensor sensor =
                lab.startSensor(
                        config -> {
                            config.set("sensorId", name).set("lanes", 1);
                            settings.accept(config);
                        });
        List<FilePacket> theirs;
        try (Tcpdump tcpdump =
                Tcpdump.start(lab.namespace, folder.resolve(name + ".pcap"), arguments)) {
            traffic.run(lab);
            theirs = tcpdump.await(LAST);
        }
        SensorReport report = CaptureLab.stopBalanced(sensor);
        assertThat(lab.consumer("export", "--sensor", name, "-w", exported.toString())).isZero();
        assertThat(lab.consumer("verify")).isZero();
        List<FilePacket> ours = untilLast(CaptureLab.read(exported));
        Set<FilePacket> meant = Set.copyOf(ours);
        return new SideBySide(
                ours,
                untilLast(theirs),
                lab.topic(name).stream().filter(p -> meant.contains(p.captured())).toList(),
                report);
    }

    private static List<FilePacket> untilLast(List<FilePacket> packets) {
        int last =
                IntStream.range(0, packets.size())
                        .filter(i -> packets.get(i).contains(LAST))
                        .reduce((first, second) -> second)
                        .orElseThrow(() -> new AssertionError("the last packet is missing"));
        return packets.subList(0, last + 1);
    }

    /// Both have the same packets in the same order.
    void assertEqual() {
        assertEqual(ours, theirs);
    }

    /// As [#assertEqual()], for lists that were made comparable.
    static void assertEqual(List<FilePacket> ours, List<FilePacket> theirs) {
        for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
            assertThat(ours.get(i)).as("packet %d", i + 1).isEqualTo(theirs.get(i));
        }
        assertThat(ours).hasSameSizeAs(theirs);
    }

    /// Both have the same packets. For those that several processors brought at a time, which two
    /// taps may have got in different order.
    void assertEqualInAnyOrder() {
        assertEqual(sorted(ours), sorted(theirs));
    }

    /// Both have the same packets, and the same times of those that the kernel stamped when it
    /// received them. A packet of a TCP socket that comes in through a veth pair brings the time
    /// when it was due to be sent (`skb_set_delivery_time`), on another clock, which the kernel
    /// keeps: such a packet each ring stamps for itself.
    void assertEqualButForTimesOfTheRing() {
        assertEqual(sorted(timeless(ours)), sorted(timeless(theirs)));
        assertThat(theirs)
                .containsAll(
                        topic.stream()
                                .filter(SideBySide::stampedWhenReceived)
                                .map(TopicPacket::captured)
                                .toList());
    }

    private static boolean stampedWhenReceived(TopicPacket packet) {
        return PacketFlags.timestampSource(packet.flags()) == PacketFlags.KERNEL_RECEIVE;
    }

    private static List<FilePacket> timeless(List<FilePacket> packets) {
        return packets.stream().map(p -> p.at(0)).toList();
    }

    private static List<FilePacket> sorted(List<FilePacket> packets) {
        return packets.stream()
                .sorted(
                        Comparator.comparingLong(FilePacket::timestampNs)
                                .thenComparing(FilePacket::data))
                .toList();
    }

    /// Each lane has its packets in the order in which tcpdump has them.
    void assertLanesInOrder() {
        IntStream lanes = topic.stream().mapToInt(TopicPacket::lane).distinct();
        lanes.forEach(
                lane ->
                        assertThat(theirs)
                                .containsSubsequence(
                                        topic.stream()
                                                .filter(p -> p.lane() == lane)
                                                .map(TopicPacket::captured)
                                                .toList()));
    }
}
