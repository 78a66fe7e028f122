package dev.ringtail.sensor.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Notices that a configuration file has other content, by looking at it now and then: so it works
/// for a file that is written in place, replaced, or mounted from a ConfigMap.
///
/// One thread.
public final class ConfigWatch {
    private final Path file;
    private byte[] known;
    private byte[] seen;

    /// Begins with the content that the file has now.
    public ConfigWatch(Path file) {
        this.file = file;
        this.known = content(new byte[0]);
        this.seen = known;
    }

    /// Whether the content is another than when this last was true, or at the beginning. Only a
    /// content that two looks have found is taken, so call it at intervals longer than it takes to
    /// write a file. A file that can't be read is taken for unchanged.
    public boolean changed() {
        byte[] now = content(known);
        boolean settled = Arrays.equals(now, seen);
        seen = now;
        if (!settled || Arrays.equals(now, known)) {
            return false;
        }
        known = now;
        return true;
    }

    private byte[] content(byte[] otherwise) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return otherwise;
        }
    }
}
