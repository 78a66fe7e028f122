package dev.ringtail.consumer.verify;

import dev.ringtail.consumer.KafkaOptions;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;

/// `verify`: audits the packets topic against the ledgers.
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Audit the packets in Kafka against the sensors' ledgers.")
public final class VerifyCommand implements Callable<Integer> {
    @Mixin private KafkaOptions kafka = new KafkaOptions();

    @Override
    public Integer call() {
        kafka.topics();
        return 0;
    }
}
