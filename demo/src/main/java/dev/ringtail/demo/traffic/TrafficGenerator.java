package dev.ringtail.demo.traffic;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Traffic of the demo's own on the loopback interface: HTTP, DNS over UDP and bulk TCP, over IPv4,
/// and over IPv6 where the interface has it. Every kind is paced; together they make a few thousand
/// packets and about 2 MB a second.
///
/// Call [#close] to stop it. Callable from any thread.
public final class TrafficGenerator implements AutoCloseable {
    /// A loopback address of the demo's own, since local resolvers sit at port 53 of the usual
    /// ones.
    private static final InetAddress DNS_SERVER = InetAddress.ofLiteral("127.53.53.53");

    private static final InetAddress IPV4 = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress IPV6 = InetAddress.ofLiteral("::1");
    private static final int END_PATIENCE_SECONDS = 5;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Workload> workloads = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    private TrafficGenerator() {}

    /// Opens the servers and lets the clients loose.
    ///
    /// @throws IOException when lo has no 127.0.0.1 to serve at, for instance because it is down
    public static TrafficGenerator start() throws IOException {
        TrafficGenerator generator = new TrafficGenerator();
        try {
            generator.open(IPV4, DNS_SERVER);
            if (canServe(IPV6)) {
                generator.open(IPV6, IPV6);
            } else {
                generator.notes.add("lo has no ::1, so there is no IPv6 traffic");
            }
        } catch (IOException e) {
            generator.close();
            throw e;
        }
        generator.workloads.forEach(generator::launch);
        return generator;
    }

    /// What is being sent, and what was left out and why; a line each.
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /// What broke down on the way; a line each, empty where all went well.
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /// Stops the clients, then the servers, and returns when all have ended.
    @Override
    public void close() {
        closed = true;
        threads.shutdownNow();
        for (Workload workload : workloads) {
            try {
                workload.close();
            } catch (IOException e) {
                faults.add(workload.name() + " did not close: " + e.getMessage());
            }
        }
        awaitEnd();
    }

    private void open(InetAddress address, InetAddress nameServer) throws IOException {
        workloads.add(HttpWorkload.start(address));
        workloads.add(BulkWorkload.start(address));
        workloads.add(DnsWorkload.start(nameServer));
        workloads.stream()
                .skip(notes.size())
                .map(workload -> workload.name() + workload.portNote())
                .forEach(notes::add);
    }

    private void launch(Workload workload) {
        threads.execute(() -> attempt(workload, "server", workload::serve));
        threads.execute(() -> attempt(workload, "client", workload::run));
    }

    private void attempt(Workload workload, String side, Task task) {
        try {
            task.run();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            if (!closed) {
                faults.add(workload.name() + ": the " + side + " stopped: " + e.getMessage());
            }
        }
    }

    private void awaitEnd() {
        try {
            if (!threads.awaitTermination(END_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                faults.add("traffic has not ended after " + END_PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean canServe(InetAddress address) {
        try (ServerSocket probe = new ServerSocket(0, 1, address)) {
            return probe.isBound();
        } catch (IOException noSuchAddress) {
            return false;
        }
    }

    @FunctionalInterface
    private interface Task {
        void run() throws IOException, InterruptedException;
    }
}
