package dev.ringtail.sensor.transmit;

import static dev.ringtail.testing.Frames.TCP;
import static dev.ringtail.testing.Frames.UDP;
import static dev.ringtail.testing.Frames.bytes;
import static dev.ringtail.testing.Frames.ethernet;
import static dev.ringtail.testing.Frames.ipv4;
import static dev.ringtail.testing.Frames.ipv6;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/// Frames to send, each other than the rest.
final class TransmitFrames {
    /// Compares byte for byte.
    static final Comparator<byte[]> BYTES = java.util.Arrays::compare;

    private TransmitFrames() {}

    /// Frames of a local experimental type and of many lengths, with their number in them.
    static List<byte[]> random(int count, int maxBytes, Random random) {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(numbered(i, 60 + random.nextInt(maxBytes - 59), random));
        }
        return frames;
    }

    /// A frame of a local experimental type.
    static byte[] numbered(int number, int length, Random random) {
        byte[] frame = new byte[length];
        random.nextBytes(frame);
        byte[] start = bytes("020000000002 020000000001 88b5 %08x".formatted(number));
        System.arraycopy(start, 0, frame, 0, start.length);
        return frame;
    }

    /// One of each kind, tagged ones among them.
    static List<byte[]> everyKind() {
        return List.of(
                ethernet("0800", ipv4(6, 0, TCP)),
                ethernet("0800", ipv4(17, 0, UDP)),
                ethernet("86dd", ipv6(17, UDP)),
                ethernet("8100 a064 0800", ipv4(17, 0, UDP)),
                ethernet("88a8 0005 8100 0006 0800", ipv4(17, 0, UDP)),
                ethernet("8100 0000 0800", ipv4(17, 0, UDP)),
                ethernet("9100 0005 0800", ipv4(17, 0, UDP)),
                ethernet("0800", ipv4(17, 0x2000, UDP)),
                ethernet("88b5", "00".repeat(46)),
                bytes("ffffffffffff 020000000001 88b5 00"),
                bytes("01005e000001 020000000001 88b5 0000"));
    }
}
