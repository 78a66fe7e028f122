package dev.ringtail.consumer.export;

import dev.ringtail.consumer.KafkaOptions;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;

/// `export`: writes packets of a time range into a capture file.
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Write captured packets as pcapng, in order.")
public final class ExportCommand implements Callable<Integer> {
    @Mixin private KafkaOptions kafka = new KafkaOptions();

    @Override
    public Integer call() {
        kafka.topics();
        return 0;
    }
}
