package dev.ringtail.bench.micro;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.pcap.file.PcapngWriter;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;

/// Packets a second into a pcapng stream that goes nowhere.
@State(Scope.Thread)
public class PcapngWriteBenchmark {
    private static final int PACKETS = 1024;

    /// `epb_flags`: the packet came in.
    private static final int INBOUND = 1;

    /// Bytes of every frame.
    @Param({"60", "1514"})
    public int frameBytes;

    private final byte[] frames = new byte[1 << 20];

    @SuppressWarnings("NullAway.Init") // Set before each trial.
    private PcapngWriter writer;

    private int interfaceId;

    /// Begins the file.
    @Setup(Level.Trial)
    public void begin() throws IOException {
        new Random(1).nextBytes(frames);
        writer = new PcapngWriter(OutputStream.nullOutputStream(), "", "", "bench");
        interfaceId = writer.addInterface("bench", "", LinkType.ETHERNET, 262_144);
    }

    /// A thousand packets from all over an array, as an export has them.
    @Benchmark
    public void writePackets(Packets counted) throws IOException {
        int at = 0;
        for (int i = 0; i < PACKETS; i++) {
            writer.writePacket(interfaceId, i, frameBytes, frames, at, frameBytes, INBOUND, null);
            at = at + 7 * frameBytes & (frames.length / 2 - 1);
        }
        counted.packets += PACKETS;
    }
}
