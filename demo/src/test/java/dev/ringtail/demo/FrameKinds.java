package dev.ringtail.demo;

import static dev.ringtail.testing.Frames.TCP;
import static dev.ringtail.testing.Frames.UDP;
import static dev.ringtail.testing.Frames.bytes;
import static dev.ringtail.testing.Frames.ethernet;
import static dev.ringtail.testing.Frames.ipv4;
import static dev.ringtail.testing.Frames.ipv6;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Ethernet frames of every kind that a capture may treat differently: transports, fragments, VLAN
/// tags (802.1Q, 802.1ad, priority alone, 0x9100), no IP, the shortest and jumbo.
final class FrameKinds {
    private FrameKinds() {}

    /// One of each.
    static List<byte[]> every() {
        byte[] jumbo = new byte[9000];
        new Random(1).nextBytes(jumbo);
        System.arraycopy(ethernet("0800", ipv4(17, 0, UDP)), 0, jumbo, 0, 42);
        return List.of(
                ethernet("0800", ipv4(6, 0, TCP)),
                ethernet("0800", ipv4(17, 0, UDP)),
                ethernet("0800", ipv4(1, 0, "0800 0000 0001 0001")),
                ethernet("86dd", ipv6(17, UDP)),
                ethernet("86dd", ipv6(58, "8000 0000 0001 0001")),
                ethernet("8100 a064 0800", ipv4(17, 0, UDP)),
                ethernet("88a8 0005 8100 0006 0800", ipv4(17, 0, UDP)),
                ethernet("8100 0000 0800", ipv4(17, 0, UDP)),
                ethernet("9100 0005 0800", ipv4(17, 0, UDP)),
                ethernet("0800", ipv4(17, 0x2000, UDP)),
                ethernet("0800", ipv4(17, 0x0002, "01020304")),
                ethernet("86dd", ipv6(44, "11 00 0001 00000001", UDP)),
                ethernet("88b5", "00".repeat(46)),
                ethernet("0806", "0001 0800 0604 0001 020000000001 0a000001 000000000000 0a000002"),
                bytes("ffffffffffff 020000000001 88b5 00"),
                bytes("01005e000001 020000000001 88b5 0000"),
                jumbo);
    }

    /// All of them so many times over.
    static List<byte[]> every(int times) {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            frames.addAll(every());
        }
        return frames;
    }
}
