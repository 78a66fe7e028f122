package dev.ringtail.sensor;

import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.schema.CaptureReport;
import dev.ringtail.sensor.config.InvalidConfigException;
import dev.ringtail.sensor.config.SensorConfig;
import dev.ringtail.sensor.lane.CaptureDescriptor;
import dev.ringtail.sensor.linux.HardwareType;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.NetworkInterface;
import dev.ringtail.sensor.linux.NetworkNamespaces;
import dev.ringtail.sensor.ring.KernelFilter;

/// One attachment to an interface, worked out before any ring is opened.
///
/// @param captureId number of the attachment, from 1 in the session
/// @param target the interface
/// @param linkType LINKTYPE_* value of its packets
/// @param snapLength most bytes kept of a packet: as configured, but no more than a ring block can
///   hold
/// @param keepOutgoing whether packets that this host sends are kept
/// @param filter what gets into the rings
record InterfaceCapture(
        int captureId,
        NetworkInterface target,
        int linkType,
        int snapLength,
        boolean keepOutgoing,
        BpfProgram filter) {

    /// Looks the interface up and compiles the filter for it.
    ///
    /// @throws InvalidConfigException where the interface has a link type that is not mapped
    static InterfaceCapture prepare(LibC libc, SensorConfig config, int captureId, String name) {
        NetworkInterface target = NetworkInterface.byName(libc, name);
        int linkType =
                HardwareType.linkType(target.hardwareType())
                        .orElseThrow(
                                () ->
                                        new InvalidConfigException(
                                                "interfaces",
                                                "%s has hardware type %d, for which no link type is known"
                                                        .formatted(name, target.hardwareType())));
        boolean keepOutgoing = config.keepsOutgoing(target.loopback());
        int snapLength = Math.min(config.snapLength(), config.ring().geometry().maxFrameBytes());
        BpfProgram filter = KernelFilter.compile(name, config.filter(), snapLength, keepOutgoing);
        return new InterfaceCapture(captureId, target, linkType, snapLength, keepOutgoing, filter);
    }

    CaptureDescriptor descriptor(SensorConfig config, String sessionId) {
        return new CaptureDescriptor(
                config.sensorId(), sessionId, captureId, target.name(), linkType, snapLength);
    }

    CaptureReport report(SensorConfig config) {
        return new CaptureReport(
                captureId,
                target.name(),
                target.index(),
                NetworkNamespaces.currentInode(),
                linkType,
                snapLength,
                config.filter(),
                "");
    }
}
