package dev.ringtail.pcap.file;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Capture files put together field by field in a chosen byte order, independent of the writers.
final class CaptureBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteOrder order;

    CaptureBytes(ByteOrder order) {
        this.order = order;
    }

    /// Begins a pcap file, version 2.4, snap length 65535.
    static CaptureBytes pcap(ByteOrder order, int magic, int linkType) {
        return new CaptureBytes(order).pcapHeader(magic, 4, 65535, linkType);
    }

    /// Begins a pcapng file.
    static CaptureBytes pcapng(ByteOrder order) {
        return new CaptureBytes(order).section();
    }

    CaptureBytes pcapHeader(int magic, int versionMinor, int snapLength, int linkType) {
        return i32(magic).i16(2).i16(versionMinor).i64(0).i32(snapLength).i32(linkType);
    }

    CaptureBytes i8(int value) {
        out.write(value);
        return this;
    }

    CaptureBytes i16(int value) {
        return bytes(ByteBuffer.allocate(2).order(order).putShort((short) value).array());
    }

    CaptureBytes i32(int value) {
        return bytes(ByteBuffer.allocate(4).order(order).putInt(value).array());
    }

    CaptureBytes i64(long value) {
        return bytes(ByteBuffer.allocate(8).order(order).putLong(value).array());
    }

    CaptureBytes bytes(byte[] value) {
        out.writeBytes(value);
        return this;
    }

    /// Bytes and what pads them to 32 bits.
    CaptureBytes padded(byte[] value) {
        return bytes(value).bytes(new byte[-value.length & 3]);
    }

    CaptureBytes option(int code, byte[] value) {
        return i16(code).i16(value.length).padded(value);
    }

    CaptureBytes endOfOptions() {
        return i32(0);
    }

    CaptureBytes block(int type, CaptureBytes body) {
        int length = body.out.size() + 12;
        return i32(type).i32(length).bytes(body.toByteArray()).i32(length);
    }

    /// Something to fill with the body of a block or the value of an option.
    CaptureBytes body() {
        return new CaptureBytes(order);
    }

    CaptureBytes section() {
        return block(0x0a0d0d0a, body().i32(0x1a2b3c4d).i16(1).i16(0).i64(-1));
    }

    CaptureBytes interfaceBlock(int linkType, int snapLength) {
        return interfaceBlock(linkType, snapLength, body());
    }

    CaptureBytes interfaceBlock(int linkType, int snapLength, CaptureBytes options) {
        return block(1, body().i16(linkType).i16(0).i32(snapLength).bytes(options.toByteArray()));
    }

    CaptureBytes enhancedPacket(int interfaceId, long units, byte[] data) {
        return enhancedPacket(interfaceId, units, data, data.length, body());
    }

    CaptureBytes enhancedPacket(
            int interfaceId, long units, byte[] data, int originalLength, CaptureBytes options) {
        CaptureBytes body = body().i32(interfaceId).i32((int) (units >>> 32)).i32((int) units);
        body.i32(data.length).i32(originalLength).padded(data).bytes(options.toByteArray());
        return block(6, body);
    }

    int length() {
        return out.size();
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }
}
