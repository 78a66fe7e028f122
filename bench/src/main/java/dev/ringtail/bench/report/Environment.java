package dev.ringtail.bench.report;

import dev.ringtail.bench.rig.Home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// What has to be known of the machine, and of the commands' start on it, to read the figures.
///
/// @param facts by name, in the order to show them
record Environment(Map<String, String> facts) {
    /// @param rows how many of those that the run is of have been measured
    static Environment here(int repetitions, String rows, Home home) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("time", Instant.now().toString());
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("processor", processor());
        facts.put("kernel", System.getProperty("os.version"));
        facts.put("java", System.getProperty("java.vm.version"));
        facts.put(
                "aotCaches",
                "sensor %s, consumers %s"
                        .formatted(
                                yesOrNo(home.hasAotCache("sensor")),
                                yesOrNo(home.hasAotCache("consumer-examples"))));
        facts.put("repetitions", Integer.toString(repetitions));
        facts.put("rows", rows);
        return new Environment(facts);
    }

    /// In one line.
    String line() {
        return "%s × %s, Linux %s, Java %s, AOT caches: %s, repetitions: %s, rows: %s, %s"
                .formatted(
                        facts.get("processors"),
                        facts.get("processor"),
                        facts.get("kernel"),
                        facts.get("java"),
                        facts.get("aotCaches"),
                        facts.get("repetitions"),
                        facts.get("rows"),
                        facts.get("time"));
    }

    private static String yesOrNo(boolean fact) {
        return fact ? "yes" : "no";
    }

    private static String processor() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
