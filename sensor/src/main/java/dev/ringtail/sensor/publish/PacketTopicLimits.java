package dev.ringtail.sensor.publish;

import java.util.ArrayList;
import java.util.List;

/// What a packets topic does with records whose timestamps are far from the broker's clock.
///
/// @param topic name of the topic
/// @param timestampBeforeMaxMs most that a timestamp may lie before the broker's clock
/// @param timestampAfterMaxMs most that a timestamp may lie after the broker's clock
/// @param retentionMs age at which records are deleted; -1 for never
/// @param logAppendTime whether the broker replaces timestamps by its own clock
public record PacketTopicLimits(
        String topic,
        long timestampBeforeMaxMs,
        long timestampAfterMaxMs,
        long retentionMs,
        boolean logAppendTime) {

    /// A topic whose settings can't be read is taken to have none.
    static PacketTopicLimits none(String topic) {
        return new PacketTopicLimits(topic, Long.MAX_VALUE, Long.MAX_VALUE, -1, false);
    }

    /// What would make the broker reject or expire packets of a capture file.
    ///
    /// @param oldestMs capture time of the oldest packet, milliseconds since 1970
    /// @param newestMs capture time of the newest
    /// @param nowMs the clock
    /// @return empty if the topic would keep them all
    public List<TopicDifference> obstacles(long oldestMs, long newestMs, long nowMs) {
        List<TopicDifference> found = new ArrayList<>();
        if (logAppendTime) {
            return found;
        }
        long ageMs = nowMs - oldestMs;
        if (ageMs > timestampBeforeMaxMs) {
            found.add(
                    new TopicDifference(
                            topic,
                            "message.timestamp.before.max.ms",
                            String.valueOf(timestampBeforeMaxMs),
                            String.valueOf(Long.MAX_VALUE),
                            "the broker would reject the file's oldest packets, which are "
                                    + ageMs
                                    + " ms old"));
        }
        if (newestMs - nowMs > timestampAfterMaxMs) {
            found.add(
                    new TopicDifference(
                            topic,
                            "message.timestamp.after.max.ms",
                            String.valueOf(timestampAfterMaxMs),
                            String.valueOf(Long.MAX_VALUE),
                            "the broker would reject the file's newest packets, which are "
                                    + (newestMs - nowMs)
                                    + " ms in the future"));
        }
        if (retentionMs >= 0 && ageMs > retentionMs) {
            found.add(
                    new TopicDifference(
                            topic,
                            "retention.ms",
                            String.valueOf(retentionMs),
                            "-1",
                            "the broker would delete the file's oldest packets, which are "
                                    + ageMs
                                    + " ms old"));
        }
        return found;
    }
}
