package dev.ringtail.sensor.linux;

import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.Optional;
import java.util.OptionalInt;

/// What the driver of a network interface says of it, as ethtool(8) asks: SIOCETHTOOL of
/// linux/ethtool.h. Reading needs no capability.
///
/// It belongs to the network namespace of the thread that opened it. What a driver does not answer
/// is empty, for whichever reason: most virtual ones answer little. Each method throws a
/// [SyscallException] with ENODEV where there is no such interface (any more).
public final class EthernetTool implements AutoCloseable {
    private static final long VALUE = offsetOf(Structs.ETHTOOL_VALUE, "data");
    private static final long RX_COUNT = offsetOf(Structs.ETHTOOL_CHANNELS, "rx_count");
    private static final long COMBINED_COUNT = offsetOf(Structs.ETHTOOL_CHANNELS, "combined_count");
    private static final long SO_TIMESTAMPING =
            offsetOf(Structs.ETHTOOL_TS_INFO, "so_timestamping");
    private static final long RX_FILTERS = offsetOf(Structs.ETHTOOL_TS_INFO, "rx_filters");

    private final InterfaceIoctl kernel;

    private EthernetTool(InterfaceIoctl kernel) {
        this.kernel = kernel;
    }

    /// Opens the socket for the questions.
    public static EthernetTool open(LibC libc) {
        return new EthernetTool(InterfaceIoctl.open(libc));
    }

    /// Name of the driver, such as `ixgbe` or `veth`.
    public Optional<String> driver(String interfaceName) {
        try (Arena arena = Arena.ofConfined()) {
            return ask(
                            arena,
                            interfaceName,
                            Structs.ETHTOOL_DRVINFO,
                            EthernetConstants.ETHTOOL_GDRVINFO)
                    .map(info -> info.getString(offsetOf(Structs.ETHTOOL_DRVINFO, "driver")));
        }
    }

    /// The offloads that are switched on.
    public Optional<Offloads> offloads(String interfaceName) {
        OptionalInt gro = value(interfaceName, EthernetConstants.ETHTOOL_GGRO);
        OptionalInt flags = value(interfaceName, EthernetConstants.ETHTOOL_GFLAGS);
        OptionalInt tso = value(interfaceName, EthernetConstants.ETHTOOL_GTSO);
        OptionalInt gso = value(interfaceName, EthernetConstants.ETHTOOL_GGSO);
        if (gro.isEmpty() || flags.isEmpty() || tso.isEmpty() || gso.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Offloads(
                        gro.getAsInt() != 0,
                        (flags.getAsInt() & EthernetConstants.ETH_FLAG_LRO) != 0,
                        tso.getAsInt() != 0,
                        gso.getAsInt() != 0));
    }

    /// Receive queues in use: combined channels and those that receive alone.
    public OptionalInt rxQueueCount(String interfaceName) {
        try (Arena arena = Arena.ofConfined()) {
            return ask(
                            arena,
                            interfaceName,
                            Structs.ETHTOOL_CHANNELS,
                            EthernetConstants.ETHTOOL_GCHANNELS)
                    .map(
                            channels ->
                                    OptionalInt.of(
                                            channels.get(JAVA_INT, RX_COUNT)
                                                    + channels.get(JAVA_INT, COMBINED_COUNT)))
                    .orElse(OptionalInt.empty());
        }
    }

    /// What it can stamp packets with.
    public Optional<TimestampSupport> timestampSupport(String interfaceName) {
        try (Arena arena = Arena.ofConfined()) {
            return ask(
                            arena,
                            interfaceName,
                            Structs.ETHTOOL_TS_INFO,
                            EthernetConstants.ETHTOOL_GET_TS_INFO)
                    .map(
                            info ->
                                    new TimestampSupport(
                                            info.get(JAVA_INT, SO_TIMESTAMPING),
                                            info.get(JAVA_INT, RX_FILTERS)));
        }
    }

    private OptionalInt value(String interfaceName, int command) {
        try (Arena arena = Arena.ofConfined()) {
            return ask(arena, interfaceName, Structs.ETHTOOL_VALUE, command)
                    .map(value -> OptionalInt.of(value.get(JAVA_INT, VALUE)))
                    .orElse(OptionalInt.empty());
        }
    }

    /// Every struct begins with the command that it is for.
    private Optional<MemorySegment> ask(
            Arena arena, String interfaceName, StructLayout layout, int command) {
        MemorySegment struct = arena.allocate(layout);
        struct.set(JAVA_INT, 0, command);
        MemorySegment request = InterfaceIoctl.request(arena, interfaceName, struct);
        return kernel.tryAsk(EthernetConstants.SIOCETHTOOL, request) < 0
                ? Optional.empty()
                : Optional.of(struct);
    }

    @Override
    public void close() {
        kernel.close();
    }
}
