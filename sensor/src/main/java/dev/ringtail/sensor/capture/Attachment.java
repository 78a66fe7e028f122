package dev.ringtail.sensor.capture;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.schema.CaptureReport;
import dev.ringtail.sensor.config.InterfaceConfig;
import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.lane.CaptureDescriptor;
import dev.ringtail.sensor.lane.PacketRules;
import dev.ringtail.sensor.linux.HardwareType;
import dev.ringtail.sensor.linux.NetworkInterface;
import dev.ringtail.sensor.ring.KernelFilter;

import java.util.OptionalInt;

/// One attachment to an interface, worked out before packets are let in.
///
/// @param captureId number of the attachment, from 1 in the session
/// @param target the interface
/// @param linkType LINKTYPE_* value of its packets
/// @param snapLength most bytes kept of a packet: as configured, but no more than a ring block can
///   hold
/// @param rules what the lanes keep
/// @param filter the capture filter as it was written
/// @param program what gets into the rings
record Attachment(
        int captureId,
        NetworkInterface target,
        int linkType,
        int snapLength,
        PacketRules rules,
        String filter,
        BpfProgram program) {
    /// Index of the loopback device of every network namespace (`LOOPBACK_IFINDEX` of the kernel's
    /// net/flow.h).
    private static final int LOOPBACK_INDEX = 1;

    /// Works out how to capture an interface, and compiles the filter for it. In the interface's
    /// network namespace.
    ///
    /// @param captured the entry of the configuration that means this interface
    /// @throws dev.ringtail.pcap.libpcap.FilterException where the filter can't be compiled
    static Attachment prepare(
            SensorConfig config, InterfaceConfig captured, NetworkInterface target, int captureId) {
        OptionalInt ownLinkType =
                config.cooked() || target.isAny()
                        ? OptionalInt.empty()
                        : HardwareType.linkType(target.hardwareType());
        boolean cooked = ownLinkType.isEmpty();
        PacketRules rules =
                new PacketRules(
                        config.keepsOutgoing(target.loopback()),
                        config.headers(),
                        config.sampling());
        int snapLength = Math.min(config.snapLength(), config.ring().geometry().maxFrameBytes());
        String filter = config.filterOf(captured.name());
        BpfProgram program;
        if (target.isAny() && config.outgoing() == SensorConfig.Outgoing.AUTO) {
            program = KernelFilter.compileAny(filter, snapLength, LOOPBACK_INDEX);
        } else if (cooked) {
            program = KernelFilter.compileCooked(filter, snapLength, rules.keepOutgoing());
        } else {
            program = KernelFilter.compile(target.name(), filter, snapLength, rules.keepOutgoing());
        }
        return new Attachment(
                captureId,
                target,
                ownLinkType.orElse(LinkType.LINUX_SLL2),
                snapLength,
                rules,
                filter,
                program);
    }

    /// The same attachment under another name of the interface.
    Attachment renamed(int newCaptureId, NetworkInterface renamed) {
        return new Attachment(newCaptureId, renamed, linkType, snapLength, rules, filter, program);
    }

    /// Whether packets come without their link header, and get one of LINUX_SLL2: on `any`, where
    /// they have none in common, and where the interface's has no link type.
    boolean cooked() {
        return linkType == LinkType.LINUX_SLL2;
    }

    CaptureDescriptor descriptor(String sensorId, String sessionId) {
        return new CaptureDescriptor(
                sensorId, sessionId, captureId, target.name(), linkType, snapLength);
    }

    CaptureReport report(long networkNamespaceInode, long attachedNs) {
        return CaptureReport.newBuilder()
                .setCaptureId(captureId)
                .setInterfaceName(target.name())
                .setInterfaceIndex(target.index())
                .setNetworkNamespaceInode(networkNamespaceInode)
                .setLinkType(linkType)
                .setSnapLength(snapLength)
                .setFilter(filter)
                .setDescription("")
                .setAttachedNs(attachedNs)
                .setHeadersOnly(rules.headersOnly())
                .setSampledOneIn(rules.sampledOneIn())
                .build();
    }
}
