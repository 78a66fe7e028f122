package dev.ringtail.consumer.testing;

import dev.ringtail.consumer.KafkaOptions;
import dev.ringtail.localkafka.LocalKafka;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// A command's options for Kafka, as its command line gives them.
public final class KafkaArguments {
    private KafkaArguments() {}

    @Command
    private static final class Holder {
        @Mixin private KafkaOptions kafka = new KafkaOptions();
    }

    /// The options that arguments give.
    public static KafkaOptions parse(String... arguments) {
        Holder holder = new Holder();
        CommandLine.populateCommand(holder, arguments);
        return holder.kafka;
    }

    /// The options for topics of a broker.
    ///
    /// @param prefix what the topics' names begin with
    public static KafkaOptions of(LocalKafka broker, String prefix) {
        return parse("--bootstrap-server", broker.bootstrapServers(), "--topic-prefix", prefix);
    }
}
