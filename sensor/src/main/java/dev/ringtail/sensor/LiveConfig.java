package dev.ringtail.sensor;

import dev.ringtail.pcap.libpcap.FilterSyntaxException;
import dev.ringtail.sensor.config.ConfigWatch;
import dev.ringtail.sensor.config.InvalidConfigException;
import dev.ringtail.sensor.config.SensorConfig;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// Follows the configuration file of a running sensor: filters are replaced while packets come;
/// whatever else has changed is told to need a new start. A file that is wrong changes nothing.
final class LiveConfig {
    /// How long to wait between two looks at the file.
    static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

    private final Path file;
    private final ConfigWatch watch;
    private final Supplier<SensorConfig> loader;
    private SensorConfig current;
    private boolean retry;

    /// @param current what the sensor was started with
    /// @param loader reads the file anew, the command line's options before it
    LiveConfig(Path file, SensorConfig current, Supplier<SensorConfig> loader) {
        this.file = file;
        this.watch = new ConfigWatch(file);
        this.current = current;
        this.loader = loader;
    }

    /// Looks at the file and does what it says if it has changed.
    ///
    /// @param err told what was done
    void follow(Sensor sensor, PrintWriter err) {
        boolean changedNow = watch.changed();
        if (!changedNow && !retry) {
            return;
        }
        retry = false;
        try {
            SensorConfig changed = loader.get();
            List<String> refiltered = sensor.changeFilters(changed);
            current = current.withFiltersOf(changed);
            err.println(
                    refiltered.isEmpty()
                            ? file + " has changed, but no filter of what is captured now"
                            : file + ": new filter on " + String.join(", ", refiltered));
            if (!changed.withFiltersOf(current).equals(current)) {
                err.println("warning: of " + file + " only filters are taken without a new start");
            }
        } catch (RuntimeException e) {
            // Not wrong in itself: an interface that is down now, a kernel that has no room.
            retry = !(e instanceof InvalidConfigException || e instanceof FilterSyntaxException);
            if (!changedNow) {
                return;
            }
            // Of an invalid file the same without its name, which stands here already.
            Throwable fault = e.getCause() instanceof InvalidConfigException cause ? cause : e;
            err.println(
                    "warning: " + file + " is wrong and changes nothing: " + Main.describe(fault));
        }
        err.flush();
    }
}
