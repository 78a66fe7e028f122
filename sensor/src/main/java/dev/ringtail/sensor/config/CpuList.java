package dev.ringtail.sensor.config;

import com.fasterxml.jackson.annotation.JsonCreator;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Processors in the kernel's list format (cpuset(7)), as taskset(1) takes it: `2-5,8`.
///
/// @param cpus numbers in the order they were written; empty for none
public record CpuList(List<Integer> cpus) {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,4})(?:-(\\d{1,4}))?");

    public CpuList {
        cpus = List.copyOf(cpus);
    }

    /// A value of a configuration file, which YAML takes for a number where it is one processor.
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static CpuList of(Object value) {
        return parse(String.valueOf(value));
    }

    /// @throws InvalidConfigException for anything but numbers and ranges with commas between
    public static CpuList parse(String text) {
        List<Integer> cpus = new ArrayList<>();
        for (String part : text.isBlank() ? new String[0] : text.strip().split(",", -1)) {
            Matcher range = RANGE.matcher(part.strip());
            if (!range.matches()) {
                throw invalid(text);
            }
            int first = Integer.parseInt(range.group(1));
            int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            if (last < first) {
                throw invalid(text);
            }
            for (int cpu = first; cpu <= last; cpu++) {
                cpus.add(cpu);
            }
        }
        return new CpuList(cpus);
    }

    /// The processor of a lane: they take turns.
    public int ofLane(int lane) {
        return cpus.get(lane % cpus.size());
    }

    private static InvalidConfigException invalid(String text) {
        return new InvalidConfigException(
                "cpus", "'" + text + "' is not a list of processors such as 2-5,8");
    }
}
