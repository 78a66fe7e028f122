package dev.ringtail.demo;

import static dev.ringtail.testing.Frames.bytes;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// UDP flows between one client and as many servers, up to 256.
final class UdpFlows {
    private static final String CLIENT = "0a000001";
    private static final int SOURCE_ADDRESS = 26;
    private static final int DESTINATION_ADDRESS = 30;

    private UdpFlows() {}

    /// A frame of each flow to the server, and one back.
    static List<byte[]> bothDirections(int flows) {
        List<byte[]> frames = new ArrayList<>();
        for (int flow = 0; flow < flows; flow++) {
            String server = "0a0001%02x".formatted(flow);
            String clientPort = "%04x".formatted(1024 + flow);
            frames.add(udp(CLIENT, server, clientPort, "0035"));
            frames.add(udp(server, CLIENT, "0035", clientPort));
        }
        return frames;
    }

    private static byte[] udp(String source, String destination, String from, String to) {
        return bytes(
                "020000000002 020000000001 0800 4500 0024 0001 0000 40 11 0000",
                source,
                destination,
                from,
                to,
                "0010 0000 0102030405060708");
    }

    /// Number of a packet's flow: the server's, whichever side it stands on.
    static int flow(FilePacket packet) {
        byte[] data = HexFormat.of().parseHex(packet.data());
        return (data[SOURCE_ADDRESS + 2] == 1
                        ? data[SOURCE_ADDRESS + 3]
                        : data[DESTINATION_ADDRESS + 3])
                & 0xff;
    }
}
