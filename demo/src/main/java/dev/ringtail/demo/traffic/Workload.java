package dev.ringtail.demo.traffic;

import java.io.IOException;

/// One kind of traffic over one address: a server, and a client that talks to it.
interface Workload extends AutoCloseable {
    /// What it is, for messages: `HTTP to 127.0.0.1:8080`.
    String name();

    /// What Wireshark has to be told to know it; empty where it knows it by its port.
    String portNote();

    /// The server: goes on until [#close]. Nothing for a server that has threads of its own.
    ///
    /// @throws IOException when it can't go on, and when it is closed
    default void serve() throws IOException {}

    /// The client: goes on until its thread is interrupted.
    ///
    /// @throws IOException when the conversation fails
    /// @throws InterruptedException when told to stop
    void run() throws IOException, InterruptedException;

    /// Stops the server. The client's thread has been interrupted before.
    @Override
    void close() throws IOException;
}
