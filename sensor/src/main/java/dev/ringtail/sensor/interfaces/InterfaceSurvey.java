package dev.ringtail.sensor.interfaces;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.sensor.interfaces.InterfaceDescription.State;
import dev.ringtail.sensor.linux.Errno;
import dev.ringtail.sensor.linux.EthernetTool;
import dev.ringtail.sensor.linux.HardwareType;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.Link;
import dev.ringtail.sensor.linux.LinkMonitor;
import dev.ringtail.sensor.linux.MissingCapabilityException;
import dev.ringtail.sensor.linux.PacketSocket;
import dev.ringtail.sensor.linux.SyscallException;
import dev.ringtail.sensor.linux.TimestampSupport;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Looks at the interfaces of the calling thread's network namespace.
final class InterfaceSurvey {
    private static final String ANY = "any";

    private InterfaceSurvey() {}

    /// The interfaces in the kernel's order, and after them `any`. One that vanishes meanwhile is
    /// left out.
    static List<InterfaceDescription> take(LibC libc) {
        String problem = problemOfProcess(libc);
        List<InterfaceDescription> interfaces = new ArrayList<>();
        try (LinkMonitor monitor = LinkMonitor.open(libc);
                EthernetTool tool = EthernetTool.open(libc)) {
            for (Link link : monitor.dump()) {
                try {
                    interfaces.add(describe(link, tool, problem));
                } catch (SyscallException e) {
                    if (e.errno() != Errno.ENODEV.number()) {
                        throw e;
                    }
                }
            }
        }
        interfaces.add(any(interfaces, problem));
        return interfaces;
    }

    private static String problemOfProcess(LibC libc) {
        try {
            PacketSocket.checkAllowed(libc);
            return "";
        } catch (MissingCapabilityException e) {
            return "this process lacks CAP_NET_RAW (run as root, or grant it)";
        }
    }

    private static InterfaceDescription describe(Link link, EthernetTool tool, String problem) {
        OptionalInt rawLinkType = HardwareType.linkType(link.hardwareType());
        OptionalInt channels = tool.rxQueueCount(link.name());
        return new InterfaceDescription(
                link.name(),
                link.index(),
                rawLinkType.orElse(LinkType.LINUX_SLL2),
                rawLinkType.isEmpty(),
                OptionalInt.of(link.mtuBytes()),
                state(link),
                link.kind().isEmpty() ? tool.driver(link.name()).orElse("") : link.kind(),
                channels.isPresent() ? channels : OptionalInt.of(link.rxQueueCount()),
                tool.offloads(link.name()),
                link.largestFrameBytes(),
                tool.timestampSupport(link.name()).map(TimestampSupport::hardwareReceive),
                link.promiscuity() > 0,
                problem.isEmpty() && !link.up()
                        ? "it is down (ip link set %s up)".formatted(link.name())
                        : problem);
    }

    private static State state(Link link) {
        if (!link.up()) {
            return State.DOWN;
        }
        return link.lowerUp() ? State.UP : State.NO_CARRIER;
    }

    private static InterfaceDescription any(List<InterfaceDescription> all, String problem) {
        return new InterfaceDescription(
                ANY,
                0,
                LinkType.LINUX_SLL2,
                true,
                OptionalInt.empty(),
                State.UP,
                "",
                OptionalInt.empty(),
                Optional.empty(),
                all.stream().mapToInt(InterfaceDescription::largestFrameBytes).max().orElse(0),
                Optional.empty(),
                false,
                problem);
    }
}
