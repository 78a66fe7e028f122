package dev.ringtail.sensor.capture;

import dev.ringtail.sensor.config.CpuList;
import dev.ringtail.sensor.config.InvalidConfigException;
import dev.ringtail.sensor.linux.CpuAffinity;
import dev.ringtail.sensor.linux.LibC;

import java.util.List;

/// Which processor a lane runs on, and its ring's memory is close to; nothing where none were
/// named.
final class LanePlacement {
    private final LibC libc;
    private final CpuList wanted;
    private final CpuList allowed;

    /// @throws InvalidConfigException where a processor is named that this process may not use
    LanePlacement(LibC libc, CpuList wanted) {
        this.libc = libc;
        this.wanted = wanted;
        this.allowed = CpuList.parse(CpuAffinity.allowedList());
        for (int cpu : wanted.cpus()) {
            if (!allowed.cpus().contains(cpu)) {
                throw new InvalidConfigException(
                        "cpus",
                        "processor %d is not among those that this process may use: %s"
                                .formatted(cpu, CpuAffinity.allowedList()));
            }
        }
    }

    /// Has the calling thread run where a lane does.
    void pin(int lane) {
        if (!wanted.cpus().isEmpty()) {
            CpuAffinity.set(libc, List.of(wanted.ofLane(lane)));
        }
    }

    /// Lets the calling thread run wherever the process may.
    void release() {
        if (!wanted.cpus().isEmpty()) {
            CpuAffinity.set(libc, allowed.cpus());
        }
    }
}
