package dev.ringtail.sensor.transmit;

/// Packets and their bytes. One thread.
final class Tally {
    private long packets;
    private long bytes;

    void add(long morePackets, long moreBytes) {
        packets += morePackets;
        bytes += moreBytes;
    }

    long packets() {
        return packets;
    }

    long bytes() {
        return bytes;
    }
}
