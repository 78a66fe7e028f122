package dev.ringtail.sensor.importer;

import dev.ringtail.pcap.file.CaptureFileReader;
import dev.ringtail.schema.CaptureReport;
import dev.ringtail.sensor.lane.CaptureDescriptor;

/// An interface of a capture file, as the survey of the whole file found it.
///
/// @param captureId number in the session, from 1
/// @param name the name in the file, or the file's name where it has none
/// @param linkType LINKTYPE_* value
/// @param snapLength at least the longest packet: files exist with longer ones than they say
/// @param description the description in the file, or empty
record SurveyedInterface(
        int captureId, String name, int linkType, int snapLength, String description) {

    /// What libpcap takes for "no limit".
    private static final int MAX_SNAP_LENGTH = 262_144;

    /// The interface of the packet that the reader is at.
    static SurveyedInterface of(CaptureFileReader packet, int captureId, String fileName) {
        String name = packet.interfaceName();
        int limit = packet.snapLength();
        return new SurveyedInterface(
                captureId,
                name.isEmpty() ? fileName : name,
                packet.linkType(),
                limit <= 0 ? MAX_SNAP_LENGTH : limit,
                packet.interfaceDescription());
    }

    /// The same with room for a packet of so many bytes.
    SurveyedInterface holding(int capturedLength) {
        return capturedLength <= snapLength
                ? this
                : new SurveyedInterface(captureId, name, linkType, capturedLength, description);
    }

    CaptureDescriptor descriptor(String sensorId, String sessionId) {
        return new CaptureDescriptor(sensorId, sessionId, captureId, name, linkType, snapLength);
    }

    CaptureReport report(String fileName) {
        String text = description.isEmpty() ? fileName : fileName + ": " + description;
        return CaptureReport.newBuilder()
                .setCaptureId(captureId)
                .setInterfaceName(name)
                .setInterfaceIndex(0)
                .setNetworkNamespaceInode(0)
                .setLinkType(linkType)
                .setSnapLength(snapLength)
                .setFilter("")
                .setDescription(text)
                .build();
    }
}
