package dev.ringtail.demo.traffic;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;

/// File transfers one after the other over TCP: incompressible bytes at a steady rate, each
/// transfer a connection.
final class BulkWorkload implements Workload {
    private static final int CHUNK_BYTES = 32 * 1024;
    private static final int CHUNKS_PER_SECOND = 32;
    private static final int CHUNKS_PER_TRANSFER = 128;
    private static final int TIMEOUT_MS = 5_000;
    private static final int BACKLOG = 8;

    private final ServerSocket server;
    private final byte[] chunk = new byte[CHUNK_BYTES];

    private BulkWorkload(ServerSocket server) {
        this.server = server;
        new Random(CHUNK_BYTES).nextBytes(chunk);
    }

    /// Opens the receiver at port 20 of the address, or at any free port where 20 can't be had.
    static BulkWorkload start(InetAddress address) throws IOException {
        return new BulkWorkload(
                KnownPort.FTP_DATA.bind(
                        address, at -> new ServerSocket(at.getPort(), BACKLOG, address)));
    }

    @Override
    public String name() {
        return "bulk TCP to " + server.getLocalSocketAddress();
    }

    @Override
    public String portNote() {
        return KnownPort.FTP_DATA.noteOf(server.getLocalPort());
    }

    @Override
    public void serve() throws IOException {
        while (true) {
            try (Socket socket = server.accept()) {
                discard(socket);
            }
        }
    }

    @Override
    public void run() throws IOException, InterruptedException {
        Pace pace = Pace.perSecond(CHUNKS_PER_SECOND);
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(server.getInetAddress(), server.getLocalPort()),
                        TIMEOUT_MS);
                OutputStream out = socket.getOutputStream();
                for (int i = 0; i < CHUNKS_PER_TRANSFER; i++) {
                    pace.await();
                    out.write(chunk);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private static void discard(Socket socket) {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException endOfTransfer) {
            // A client that is told to stop may reset its connection.
        }
    }
}
