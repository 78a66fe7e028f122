package dev.ringtail.sensor.publish;

import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Compares a topic as it is with one as Ringtail makes it, in the settings that matter to packets.
final class TopicCheck {
    private final NewTopic plan;
    private final Config found;
    private final List<TopicDifference> differences = new ArrayList<>();

    private TopicCheck(NewTopic plan, Config found) {
        this.plan = plan;
        this.found = found;
    }

    /// @param wantedRecordBytes what a record of this topic must be able to hold; 0 for any
    static List<TopicDifference> differences(NewTopic plan, Config found, int wantedRecordBytes) {
        TopicCheck check = new TopicCheck(plan, found);
        check.cleanupPolicy();
        check.sameValue(
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                "the broker's clock replaces capture times, so a search by time has to read the"
                        + " whole topic");
        check.sameValue(
                TopicConfig.COMPRESSION_TYPE_CONFIG,
                "the broker compresses every batch again, at its own cost");
        check.atLeastPlanned(
                TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
                "the broker rejects packets that are older");
        check.atLeastPlanned(
                TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                "the broker rejects packets of a sensor whose clock is further ahead");
        check.retention();
        check.recordBytes(wantedRecordBytes);
        return check.differences;
    }

    /// Value of a setting; null where the broker does not know it.
    static @Nullable String value(Config config, String setting) {
        ConfigEntry entry = config.get(setting);
        return entry == null ? null : entry.value();
    }

    private void cleanupPolicy() {
        String name = TopicConfig.CLEANUP_POLICY_CONFIG;
        @Nullable String wanted = plan.configs().get(name);
        @Nullable String actual = value(found, name);
        if (wanted != null && actual != null && !policies(wanted).equals(policies(actual))) {
            add(
                    name,
                    actual,
                    wanted,
                    policies(wanted).contains(TopicConfig.CLEANUP_POLICY_COMPACT)
                            ? "old reports or schemas may be deleted while packets still need them"
                            : "the broker rejects records without a key, or deletes earlier ones of"
                                    + " the same key");
        }
    }

    private static Set<String> policies(String list) {
        return Set.of(list.replace(" ", "").split(","));
    }

    private void sameValue(String name, String consequence) {
        @Nullable String wanted = plan.configs().get(name);
        @Nullable String actual = value(found, name);
        if (wanted != null && actual != null && !wanted.equals(actual)) {
            add(name, actual, wanted, consequence);
        }
    }

    private void atLeastPlanned(String name, String consequence) {
        @Nullable String wanted = plan.configs().get(name);
        @Nullable String actual = value(found, name);
        if (wanted != null && actual != null && Long.parseLong(actual) < Long.parseLong(wanted)) {
            add(name, actual, wanted, consequence);
        }
    }

    private void retention() {
        String name = TopicConfig.RETENTION_MS_CONFIG;
        @Nullable String actual = value(found, name);
        if (plan.configs().containsKey(name) && actual != null && Long.parseLong(actual) >= 0) {
            add(name, actual, "-1", "the broker deletes what is older, counted in capture time");
        }
    }

    private void recordBytes(int wanted) {
        String name = TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
        @Nullable String actual = value(found, name);
        if (actual != null && Integer.parseInt(actual) < wanted) {
            add(
                    name,
                    actual,
                    String.valueOf(wanted),
                    "batches are made smaller, and packets that are larger are cut");
        }
    }

    private void add(String setting, String actual, String wanted, String consequence) {
        differences.add(new TopicDifference(plan.name(), setting, actual, wanted, consequence));
    }
}
