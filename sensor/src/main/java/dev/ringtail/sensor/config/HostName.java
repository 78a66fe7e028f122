package dev.ringtail.sensor.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The host's name, as the kernel has it: no resolver is asked, which may hang.
public final class HostName {
    private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private HostName() {}

    /// The name, `localhost` where it can't be read.
    public static String get() {
        try {
            return Files.readString(KERNEL_HOST_NAME).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }
}
