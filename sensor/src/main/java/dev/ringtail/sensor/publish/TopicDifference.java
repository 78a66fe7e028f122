package dev.ringtail.sensor.publish;

/// A setting of an existing topic that is not as Ringtail would have made it, and what follows.
///
/// @param topic name of the topic
/// @param setting name of the setting
/// @param found its value
/// @param wanted the value that Ringtail would have given it
/// @param consequence what happens because of it
public record TopicDifference(
        String topic, String setting, String found, String wanted, String consequence) {

    /// The command that mends it.
    ///
    /// @param bootstrapServers the brokers to name in it
    public String remedy(String bootstrapServers) {
        // kafka-configs takes a list in brackets.
        String value = wanted.contains(",") ? "[" + wanted + "]" : wanted;
        return "kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s=%s"
                .formatted(bootstrapServers, topic, setting, value);
    }

    @Override
    public String toString() {
        return "topic %s: %s is %s, not %s: %s"
                .formatted(topic, setting, found, wanted, consequence);
    }
}
