package dev.ringtail.consumer.export;

import dev.ringtail.pcap.frame.PartialChecksum;
import dev.ringtail.pcap.frame.TcpSegmenter;
import dev.ringtail.schema.PacketBatchReader;
import dev.ringtail.schema.PacketFlags;

import java.util.Arrays;

/// Makes of captured packets what a wire would have carried: TCP super-frames of segmentation and
/// receive offload are cut into segments that fit an MTU, and TCP and UDP checksums that were left
/// to the device are completed.
///
/// The kernel doesn't tell a packet socket how it will segment (`gso_size`), so the MTU is the
/// user's word. It does tell of TCP alone that a frame is a super-frame; a large UDP datagram keeps
/// its size. What was not captured whole can't be cut nor summed, and is left as it is.
///
/// A mutable flyweight: [#begin], then [#next] for each frame. One thread at a time.
final class Resegmenter {
    static final int DEFAULT_MTU = 1500;

    /// What every host must be able to receive (RFC 791).
    static final int MIN_MTU = 68;

    /// The largest IPv4 packet.
    static final int MAX_MTU = 65_535;

    private final int mtu;
    private final TcpSegmenter segmenter;
    private final PartialChecksum checksum = new PartialChecksum();
    private boolean completed;
    private byte[] array = {};
    private int length;
    private long superFrames;
    private long segments;
    private long completedChecksums;
    private long cutShort;
    private long leftWhole;

    /// @param mtu most bytes of an IP packet
    Resegmenter(int mtu) {
        this.mtu = mtu;
        this.segmenter = new TcpSegmenter(mtu);
    }

    /// Takes the present packet of a batch.
    ///
    /// @return false where it is to be written as it is
    boolean begin(PacketBatchReader packet) {
        completed = false;
        boolean superFrame = (packet.flags() & PacketFlags.GSO) != 0;
        boolean partial = (packet.flags() & PacketFlags.CHECKSUM_NOT_READY) != 0;
        if (!superFrame && !partial) {
            return false;
        }
        if (packet.dataLength() < packet.originalLength()) {
            cutShort++;
            return false;
        }
        if (superFrame) {
            boolean cut =
                    segmenter.begin(
                            packet.array(),
                            packet.dataOffset(),
                            packet.dataLength(),
                            packet.linkType());
            superFrames += cut ? 1 : 0;
            leftWhole += cut ? 0 : 1;
            return cut;
        }
        complete(packet);
        return completed;
    }

    private void complete(PacketBatchReader packet) {
        length = packet.dataLength();
        // A copy: the reader's array is not to be changed.
        array =
                Arrays.copyOfRange(
                        packet.array(), packet.dataOffset(), packet.dataOffset() + length);
        completed = checksum.complete(array, 0, length, packet.linkType());
        completedChecksums += completed ? 1 : 0;
    }

    /// Makes the next frame of the packet.
    ///
    /// @return false after the last
    boolean next() {
        if (completed) {
            completed = false;
            return true;
        }
        if (!segmenter.next()) {
            return false;
        }
        segments++;
        array = segmenter.array();
        length = segmenter.length();
        return true;
    }

    /// Holds the present frame from its first byte on, until [#next] or [#begin].
    byte[] array() {
        return array;
    }

    /// Bytes of the present frame.
    int length() {
        return length;
    }

    /// What has been done so far, in words.
    String summary() {
        return ("%d super-frames cut into %d segments of MTU %d, %d checksums completed; left as"
                        + " they are: %d not captured whole, %d not to be segmented")
                .formatted(superFrames, segments, mtu, completedChecksums, cutShort, leftWhole);
    }
}
