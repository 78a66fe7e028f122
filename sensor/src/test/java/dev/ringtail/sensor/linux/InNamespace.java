package dev.ringtail.sensor.linux;

import dev.ringtail.testing.NetworkNamespace;

import java.util.concurrent.Callable;

/// Runs code on a thread of its own inside a network namespace; setns(2) moves one thread alone.
public final class InNamespace {
    private InNamespace() {}

    public static <T> T call(NetworkNamespace namespace, Callable<T> body) throws Exception {
        try (NetworkNamespaceThread thread =
                NetworkNamespaceThread.start(LibC.load(), namespace.path().toString())) {
            return thread.call(body);
        }
    }
}
