package dev.ringtail.consumer.flows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// A pcap file with nanoseconds, for tshark.
///
/// @see <a href="https://www.tcpdump.org/manpages/pcap-savefile.5.txt">pcap-savefile(5)</a>
final class PcapFile {
    private static final int NANOSECOND_MAGIC = 0xa1b23c4d;

    private PcapFile() {}

    static void write(Path file, List<TimedPacket> packets) throws IOException {
        try (SeekableByteChannel out =
                Files.newByteChannel(
                        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
            header.putInt(NANOSECOND_MAGIC).putShort((short) 2).putShort((short) 4);
            header.putLong(0).putInt(262_144).putInt(1).flip();
            out.write(header);
            for (TimedPacket packet : packets) {
                byte[] frame = packet.frame();
                ByteBuffer record =
                        ByteBuffer.allocate(16 + frame.length).order(ByteOrder.LITTLE_ENDIAN);
                record.putInt((int) (packet.timestampNs() / 1_000_000_000));
                record.putInt((int) (packet.timestampNs() % 1_000_000_000));
                record.putInt(frame.length).putInt(frame.length).put(frame).flip();
                out.write(record);
            }
        }
    }
}
