package dev.ringtail.sensor.publish;

import java.util.List;

/// What a session has to know of the topics.
///
/// @param partitionCount partitions of the packets topic
/// @param maxRecordBytes most bytes of a record value that the topic and the producer take
/// @param limits what the packets topic does with old packets
/// @param differences settings that are not as Ringtail would have made them
public record TopicFacts(
        int partitionCount,
        int maxRecordBytes,
        PacketTopicLimits limits,
        List<TopicDifference> differences) {}
