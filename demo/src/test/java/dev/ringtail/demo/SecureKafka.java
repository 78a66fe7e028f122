package dev.ringtail.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringtail.localkafka.LocalKafka;
import dev.ringtail.localkafka.LoopbackPorts;
import dev.ringtail.registry.SchemaJson;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.SingleObject;
import dev.ringtail.schema.Topics;

import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.tools.AclCommand;
import org.apache.kafka.tools.TopicCommand;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// A broker that nobody reaches without TLS and credentials, and that allows nothing by default:
/// SCRAM over TLS on one port, certificates of clients on another, and on the controller's. Nobody
/// but `admin`, by certificate, may do anything at first.
final class SecureKafka implements AutoCloseable {
    static final List<String> USERS = List.of("sensor", "import", "export", "verify", "flows");

    private static final Topics TOPICS = Topics.withPrefix(Topics.DEFAULT_PREFIX);

    private final Certificates certificates;
    private final Path authority;
    private final LocalKafka kafka;
    private final String certificateListener;
    private final Path adminConfig;
    private final Properties adminProperties = new Properties();
    private final Admin admin;

    /// @param folder for its data and certificates
    SecureKafka(Path folder) throws Exception {
        certificates = new Certificates(folder.resolve("certificates"));
        authority = certificates.authority();
        int[] ports = LoopbackPorts.free(3);
        certificateListener = "127.0.0.1:" + ports[1];
        adminConfig =
                Files.writeString(
                        folder.resolve("admin.properties"),
                        SecurePage.adminProperties()
                                .replace("/etc/ringtail/ca.crt", authority.toString())
                                .replace(
                                        "/etc/ringtail/admin.pem",
                                        certificates.issue("admin").toString()));
        try (var in = Files.newBufferedReader(adminConfig)) {
            adminProperties.load(in);
        }
        adminProperties.put("bootstrap.servers", certificateListener);
        kafka =
                LocalKafka.start(
                        folder.resolve("kafka"),
                        ports[0],
                        settings(
                                "SASL_SSL://127.0.0.1:%d,SSL://%s"
                                        .formatted(ports[0], certificateListener),
                                "127.0.0.1:" + ports[2]));
        try {
            admin = Admin.create(adminProperties);
            for (String user : USERS) {
                setPassword(user, password(user));
            }
        } catch (Throwable e) {
            kafka.close();
            throw e;
        }
    }

    private Map<String, String> settings(String listeners, String controller) throws IOException {
        return Map.ofEntries(
                Map.entry("listeners", listeners + ",CONTROLLER://" + controller),
                Map.entry("advertised.listeners", listeners),
                Map.entry(
                        "listener.security.protocol.map",
                        "SASL_SSL:SASL_SSL,SSL:SSL,CONTROLLER:SSL"),
                Map.entry("controller.quorum.voters", "1@" + controller),
                Map.entry("inter.broker.listener.name", "SSL"),
                Map.entry("ssl.truststore.type", "PEM"),
                Map.entry("ssl.truststore.location", authority.toString()),
                Map.entry("ssl.keystore.type", "PEM"),
                Map.entry("ssl.keystore.location", certificates.issue("broker").toString()),
                Map.entry("listener.name.ssl.ssl.client.auth", "required"),
                Map.entry("listener.name.controller.ssl.client.auth", "required"),
                Map.entry("sasl.enabled.mechanisms", "SCRAM-SHA-512"),
                Map.entry(
                        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;"),
                Map.entry(
                        "authorizer.class.name",
                        "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
                Map.entry("ssl.principal.mapping.rules", "RULE:^CN=(.*)$/$1/"),
                Map.entry("super.users", "User:broker;User:admin"));
    }

    LocalKafka broker() {
        return kafka;
    }

    /// Where clients come with a password.
    String scramListener() {
        return kafka.bootstrapServers();
    }

    /// Where clients come with a certificate.
    String certificateListener() {
        return certificateListener;
    }

    Path authority() {
        return authority;
    }

    /// A certificate that makes its owner the user of this name.
    Path certificate(String user) throws IOException {
        return certificates.issue(user);
    }

    static String password(String user) {
        return user + "'s $ecret";
    }

    void setPassword(String user, String password) throws Exception {
        admin.alterUserScramCredentials(
                        List.of(
                                new UserScramCredentialUpsertion(
                                        user,
                                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                                        password)))
                .all()
                .get();
    }

    /// Runs the commands below a heading of the page by Kafka's own programs.
    void runCommands(String heading) {
        runCommands(heading, Topics.DEFAULT_PREFIX);
    }

    /// The same for topics of another prefix.
    void runCommands(String heading, String prefix) {
        List<String> adminOptions =
                List.of(
                        "--bootstrap-server",
                        certificateListener,
                        "--command-config",
                        adminConfig.toString());
        List<List<String>> commands = SecurePage.commands(heading, prefix, adminOptions);
        assertThat(commands).isNotEmpty();
        commands.forEach(SecureKafka::run);
    }

    private static void run(List<String> command) {
        String[] arguments = command.stream().skip(1).toArray(String[]::new);
        Exit.setExitProcedure(
                (status, message) -> {
                    if (status != 0) {
                        throw new AssertionError(command + " ended with " + status);
                    }
                });
        try {
            switch (command.getFirst()) {
                case "kafka-topics.sh" -> TopicCommand.main(arguments);
                case "kafka-acls.sh" -> AclCommand.main(arguments);
                default -> throw new AssertionError("no such program here: " + command);
            }
        } finally {
            Exit.resetExitProcedure();
        }
    }

    /// Takes a right from a user, and waits until the broker knows.
    ///
    /// @return what [#give] gives back
    Collection<AclBinding> take(String user, AclOperation operation, ResourceType type, String name)
            throws Exception {
        AclBindingFilter filter =
                new AclBindingFilter(
                        new ResourcePatternFilter(type, name, PatternType.ANY),
                        new AccessControlEntryFilter(
                                "User:" + user, null, operation, AclPermissionType.ANY));
        Collection<AclBinding> taken = admin.deleteAcls(List.of(filter)).all().get();
        assertThat(taken).as("%s %s %s of %s", operation, type, name, user).hasSize(1);
        await().until(() -> admin.describeAcls(filter).values().get().isEmpty());
        return taken;
    }

    /// Gives rights back, and waits until the broker knows.
    void give(Collection<AclBinding> rights) throws Exception {
        admin.createAcls(rights).all().get();
        for (AclBinding right : rights) {
            await().until(() -> !admin.describeAcls(right.toFilter()).values().get().isEmpty());
        }
    }

    /// Publishes the first batch and the first report again, as a version with other schemas would
    /// have written them, and these schemas.
    void repeatInAnotherVersion() throws Exception {
        try (var producer =
                new KafkaProducer<>(
                        adminProperties, new ByteArraySerializer(), new ByteArraySerializer())) {
            repeat(TOPICS.packets(), PacketBatch.getClassSchema(), producer);
            repeat(TOPICS.reports(), SensorReport.getClassSchema(), producer);
        }
    }

    private void repeat(String topic, Schema schema, Producer<byte[], byte[]> producer)
            throws Exception {
        // A field of type null takes no bytes: what was written is as the other schema has it too.
        List<Schema.Field> fields = new ArrayList<>();
        schema.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
        fields.add(new Schema.Field("added", Schema.create(Schema.Type.NULL)));
        Schema other =
                Schema.createRecord(schema.getName(), null, schema.getNamespace(), false, fields);
        producer.send(
                        new ProducerRecord<>(
                                TOPICS.schemas(),
                                SingleObject.fingerprintText(SingleObject.fingerprint(other))
                                        .getBytes(StandardCharsets.UTF_8),
                                SchemaJson.of(other).getBytes(StandardCharsets.UTF_8)))
                .get();
        ConsumerRecord<byte[], byte[]> first = first(topic);
        byte[] value = first.value().clone();
        System.arraycopy(SingleObject.header(other), 0, value, 0, SingleObject.HEADER_LENGTH);
        producer.send(
                        new ProducerRecord<>(
                                topic,
                                first.partition(),
                                first.timestamp(),
                                first.key(),
                                value,
                                first.headers()))
                .get();
    }

    private ConsumerRecord<byte[], byte[]> first(String topic) {
        try (var consumer =
                new KafkaConsumer<>(
                        adminProperties,
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(p -> new TopicPartition(topic, p.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return await().until(
                            () -> consumer.poll(Duration.ofMillis(200)),
                            records -> !records.isEmpty())
                    .iterator()
                    .next();
        }
    }

    @Override
    public void close() {
        admin.close();
        kafka.close();
    }
}
