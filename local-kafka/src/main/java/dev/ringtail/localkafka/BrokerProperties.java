package dev.ringtail.localkafka;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/// The settings of a broker that is alone, lives on one machine and has to leave room for others on
/// it.
///
/// @see <a href="https://kafka.apache.org/43/configuration/broker-configs/">Kafka's broker
///   settings</a>
final class BrokerProperties {
    static final int NODE_ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private BrokerProperties() {}

    /// Settings for a broker at `brokerPort` whose controller listens at `controllerPort`.
    ///
    /// @param overrides Kafka settings that win over those made here
    static Properties of(
            Path dataFolder, int brokerPort, int controllerPort, Map<String, String> overrides) {
        Properties properties = new Properties();
        properties.putAll(node(dataFolder, brokerPort, controllerPort));
        properties.putAll(alone());
        properties.putAll(small());
        properties.putAll(near());
        properties.putAll(overrides);
        return properties;
    }

    private static Map<String, String> node(Path dataFolder, int brokerPort, int controllerPort) {
        String broker = "PLAINTEXT://" + LoopbackPorts.ADDRESS + ":" + brokerPort;
        String controllerAddress = LoopbackPorts.ADDRESS + ":" + controllerPort;
        return Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                Integer.toString(NODE_ID),
                "controller.quorum.voters",
                NODE_ID + "@" + controllerAddress,
                "controller.listener.names",
                CONTROLLER_LISTENER,
                "listeners",
                broker + "," + CONTROLLER_LISTENER + "://" + controllerAddress,
                "advertised.listeners",
                broker,
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs",
                dataFolder.toString());
    }

    /// Replication is to nobody, a group starts without waiting for more members, and a topic
    /// exists only once it has been created with the partitions it is meant to have.
    private static Map<String, String> alone() {
        return Map.of(
                "offsets.topic.replication.factor", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1",
                "group.initial.rebalance.delay.ms", "0",
                "auto.create.topics.enable", "false");
    }

    /// Clients are on the same machine and send up to a MiB at once: the kernel sizes the buffer
    /// that it arrives in, which Kafka's own choice of 100 KiB would keep it from.
    private static Map<String, String> near() {
        return Map.of("socket.receive.buffer.bytes", "-1");
    }

    /// Few threads, few internal partitions, and a log cleaner that does not claim 128 MiB of heap.
    private static Map<String, String> small() {
        return Map.of(
                "num.network.threads", "2",
                "num.io.threads", "4",
                "num.recovery.threads.per.data.dir", "2",
                "background.threads", "2",
                "offsets.topic.num.partitions", "4",
                "transaction.state.log.num.partitions", "4",
                "share.coordinator.state.topic.num.partitions", "1",
                "log.cleaner.dedupe.buffer.size", "4194304",
                "controller.quorum.election.timeout.ms", "200");
    }
}
