package dev.ringtail.sensor.lane;

import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// What all batches of one attachment to an interface have in common; the fields of PacketBatch of
/// the same names.
///
/// @param captureId number of the attachment, from 1 in the session
/// @param linkType LINKTYPE_* value
/// @param snapLength most bytes kept of a packet, a restored VLAN tag counted
public record CaptureDescriptor(
        String sensorId,
        String sessionId,
        int captureId,
        String interfaceName,
        int linkType,
        int snapLength) {

    /// The wire header and the fields from `sensorId` to `lane`, encoded once for all batches of a
    /// lane.
    ///
    /// @param wireHeader names the schema of PacketBatch
    byte[] encodePrefix(byte[] wireHeader, int lane) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            out.write(wireHeader);
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            encoder.writeString(sensorId);
            encoder.writeString(sessionId);
            encoder.writeInt(captureId);
            encoder.writeString(interfaceName);
            encoder.writeInt(linkType);
            encoder.writeInt(snapLength);
            encoder.writeInt(lane);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory can't fail", e);
        }
        return out.toByteArray();
    }
}
