package dev.ringtail.demo.traffic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

/// A web server with pages of different lengths, and a client that gets a few of them over each of
/// its connections.
final class HttpWorkload implements Workload {
    private static final int CONNECTIONS_PER_SECOND = 25;
    private static final int GETS_PER_CONNECTION = 6;
    private static final int TIMEOUT_MS = 5_000;
    private static final int PAGE_STEP_BYTES = 1_300;
    private static final int PAGE_COUNT = 16;

    private final HttpServer server;

    private HttpWorkload(HttpServer server) {
        this.server = server;
    }

    /// Starts the server at port 8080 of the address, or at any free port where 8080 can't be had.
    static HttpWorkload start(InetAddress address) throws IOException {
        HttpServer server = KnownPort.HTTP.bind(address, at -> HttpServer.create(at, 0));
        server.createContext("/", HttpWorkload::answer);
        server.start();
        return new HttpWorkload(server);
    }

    @Override
    public String name() {
        return "HTTP to " + server.getAddress();
    }

    @Override
    public String portNote() {
        return KnownPort.HTTP.noteOf(server.getAddress().getPort());
    }

    @Override
    public void run() throws IOException, InterruptedException {
        Pace pace = Pace.perSecond(CONNECTIONS_PER_SECOND);
        for (int first = 0; ; first = (first + 1) % PAGE_COUNT) {
            pace.await();
            get(first);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void get(int first) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server.getAddress(), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < GETS_PER_CONNECTION; i++) {
                boolean last = i == GETS_PER_CONNECTION - 1;
                out.write(request((first + i) % PAGE_COUNT, last).getBytes(US_ASCII));
                skipResponse(in);
            }
        }
    }

    private static String request(int page, boolean last) {
        return "GET /page/"
                + page
                + " HTTP/1.1\r\nHost: ringtail.example\r\nUser-Agent: ringtail-demo\r\nConnection: "
                + (last ? "close" : "keep-alive")
                + "\r\n\r\n";
    }

    private static void skipResponse(InputStream in) throws IOException {
        long contentLength = -1;
        String line = line(in);
        if (!line.startsWith("HTTP/1.1 200")) {
            throw new IOException("HTTP server answered " + line);
        }
        while (!line.isEmpty()) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).equalsIgnoreCase("content-length")) {
                contentLength = Long.parseLong(line.substring(colon + 1).trim());
            }
            line = line(in);
        }
        in.skipNBytes(contentLength);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.read();
        while (c != '\n') {
            if (c < 0) {
                throw new IOException("HTTP server closed the connection within its answer");
            }
            if (c != '\r') {
                line.append((char) c);
            }
            c = in.read();
        }
        return line.toString();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            int page = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
            byte[] body =
                    "The quick ringtail jumps over the lazy raccoon.\n"
                            .repeat(1 + page * PAGE_STEP_BYTES / 48)
                            .getBytes(US_ASCII);
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
