package dev.ringtail.management;

import java.util.List;
import java.util.Objects;

/// What a management endpoint tells of. Called from the endpoint's threads, at each request; may
/// wait for a moment, but not for the network.
public interface Managed {
    /// Why the work is not done at present, a line each; empty while it is.
    List<String> troubles();

    /// The trouble of work that a fault has ended for good, in a line.
    static String failed(Throwable fault) {
        return "failed: "
                + Objects.requireNonNullElse(fault.getMessage(), fault.getClass().getSimpleName());
    }

    /// Reads the values of all metrics at about one moment.
    void collect(Samples into);
}
