package dev.ringtail.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.schema.ConfluentFormat;
import dev.ringtail.schema.FlowRecord;
import dev.ringtail.schema.PacketBatch;
import dev.ringtail.schema.SchemaLookup;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.SingleObject;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The client against Apicurio's server; what the server holds is read with plain HTTP.
class SchemaRegistryIT {
    private static final Path HISTORY = Path.of("../schema/src/test/resources/history");

    @TempDir static Path folder;
    private static RegistryServer server;

    @BeforeAll
    static void startServer() throws IOException {
        server = RegistryServer.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void headersNameTheIdsThatTheRegistryGave() throws Exception {
        Map<String, Schema> schemas =
                Map.of(
                        "ids.packets", PacketBatch.getClassSchema(),
                        "ids.reports", SensorReport.getClassSchema(),
                        "ids.flows", FlowRecord.getClassSchema());

        RegisteredFormat format = RegisteredFormat.register(settings(), schemas);
        RegisteredFormat again = RegisteredFormat.register(settings(), schemas);

        RegistryLookup lookup = new RegistryLookup(settings(), SchemaLookup.NONE);
        for (Map.Entry<String, Schema> topic : schemas.entrySet()) {
            byte[] header = format.header(topic.getValue());
            assertThat(header).hasSize(ConfluentFormat.HEADER_LENGTH).startsWith(0);
            assertThat(again.header(topic.getValue())).isEqualTo(header);
            int id = ByteBuffer.wrap(header).getInt(1);
            assertThat(get("/subjects/" + topic.getKey() + "-value/versions/latest"))
                    .contains("\"id\":" + id + ",");
            assertThat(get("/schemas/ids/" + id)).doesNotContain("avro.java.string");
            assertThat(get("/config/" + topic.getKey() + "-value")).contains("FULL_TRANSITIVE");
            Schema found = Objects.requireNonNull(lookup.findRegistered(id));
            assertThat(SingleObject.fingerprint(found))
                    .isEqualTo(SingleObject.fingerprint(topic.getValue()));
        }
        assertThat(lookup.findRegistered(123_456)).isNull();
    }

    @Test
    void takesEveryPublishedVersionAndRefusesOneThatOldReadersCannotRead() throws Exception {
        List<Path> published;
        try (Stream<Path> files = Files.list(HISTORY)) {
            published = files.sorted().toList();
        }
        assertThat(published).hasSizeGreaterThan(3);
        for (Path file : published) {
            Schema schema = new Schema.Parser().parse(file.toFile());
            String topic = "history." + schema.getName();
            byte[] header =
                    RegisteredFormat.register(settings(), Map.of(topic, schema)).header(schema);
            assertThat(header).startsWith(0);
        }
        Schema other =
                SchemaBuilder.record("SensorReport")
                        .namespace(SensorReport.getClassSchema().getNamespace())
                        .fields()
                        .requiredString("noDefault")
                        .endRecord();

        assertThatThrownBy(
                        () ->
                                RegisteredFormat.register(
                                        settings(), Map.of("history.SensorReport", other)))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("SensorReport is not compatible")
                .hasMessageContaining("history.SensorReport-value");
    }

    @Test
    void leavesARuleThatSomebodySetAsItIs() throws Exception {
        try (SchemaRegistry registry = new SchemaRegistry(settings())) {
            registry.setCompatibility("kept.flows-value", "BACKWARD");
        }

        RegisteredFormat.register(settings(), Map.of("kept.flows", FlowRecord.getClassSchema()));

        assertThat(get("/config/kept.flows-value")).contains("\"BACKWARD\"");
    }

    /// To Apicurio `NONE` is no rule at all, which a subject can have that is there.
    @Test
    void leavesASubjectWithoutRulesWhereAnOperatorWantsThat() throws Exception {
        Map<String, Schema> flows = Map.of("free.flows", FlowRecord.getClassSchema());
        RegisteredFormat.register(settings(), flows);
        assertThat(get("/config/free.flows-value")).contains("\"FULL_TRANSITIVE\"");
        try (SchemaRegistry registry = new SchemaRegistry(settings())) {
            registry.setCompatibility("free.flows-value", "NONE");
        }

        RegisteredFormat.register(settings(), flows);

        assertThat(get("/config/free.flows-value")).contains("\"NONE\"");
    }

    @Test
    void registersNothingWhereThatIsForbidden() throws Exception {
        RegistrySettings readOnly =
                settings(
                        Map.of(
                                "schema.registry.url",
                                server.url(),
                                "auto.register.schemas",
                                "false"));
        Map<String, Schema> flows = Map.of("given.flows", FlowRecord.getClassSchema());

        assertThatThrownBy(() -> RegisteredFormat.register(readOnly, flows))
                .hasMessageContaining("FlowRecord is not under subject given.flows-value")
                .hasMessageContaining("auto.register.schemas is false");
        byte[] registered =
                RegisteredFormat.register(settings(), flows).header(FlowRecord.getClassSchema());

        assertThat(RegisteredFormat.register(readOnly, flows).header(FlowRecord.getClassSchema()))
                .isEqualTo(registered);
    }

    /// Each is an answer for good, of which one record must not make an end of all reading.
    @Test
    void knowsNoSchemaThatIsNotAvros() throws Exception {
        RegistryLookup lookup = new RegistryLookup(settings(), SchemaLookup.NONE);
        int json =
                post(
                        "other.json",
                        "JSON",
                        "{\\\"$schema\\\": \\\"http://json-schema.org/draft-07/schema#\\\","
                                + " \\\"type\\\": \\\"object\\\"}");
        int protobuf = post("other.protobuf", "PROTOBUF", "syntax = \\\"proto3\\\"; message M {}");

        assertThat(lookup.findRegistered(json)).as("schema %d", json).isNull();
        assertThat(lookup.findRegistered(protobuf)).as("schema %d", protobuf).isNull();
        assertThat(lookup.findRegistered(-1)).isNull();
    }

    private static int post(String subject, String type, String schema) throws Exception {
        String body = "{\"schemaType\": \"%s\", \"schema\": \"%s\"}".formatted(type, schema);
        try (HttpClient client = HttpClient.newHttpClient()) {
            String answer =
                    client.send(
                                    HttpRequest.newBuilder(
                                                    URI.create(
                                                            server.url()
                                                                    + "/subjects/"
                                                                    + subject
                                                                    + "/versions"))
                                            .header(
                                                    "Content-Type",
                                                    "application/vnd.schemaregistry.v1+json")
                                            .POST(BodyPublishers.ofString(body))
                                            .build(),
                                    BodyHandlers.ofString())
                            .body();
            Matcher id = Pattern.compile("\"id\":(\\d+)").matcher(answer);
            assertThat(id.find()).as(answer).isTrue();
            return Integer.parseInt(id.group(1));
        }
    }

    @Test
    void asksTheNextRegistryWhereOneDoesNotAnswer() {
        String dead = RegistryServer.url(RegistryServer.freePort());
        Map<String, Schema> flows = Map.of("two.flows", FlowRecord.getClassSchema());
        RegistrySettings two =
                settings(Map.of("schema.registry.url", dead + " , " + server.url() + "/"));

        assertThat(RegisteredFormat.register(two, flows).header(FlowRecord.getClassSchema()))
                .startsWith(0);
        assertThatThrownBy(
                        () ->
                                RegisteredFormat.register(
                                        settings(Map.of("schema.registry.url", dead)), flows))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.mayPass()).isTrue())
                .hasMessageContaining("can't be reached at " + dead);
    }

    @Test
    void saysWhatIsWrongWhereTheUrlIsNoRegistrys() {
        String wrong = server.url().replace("/apis/ccompat/v7", "/nothing");

        assertThatThrownBy(
                        () ->
                                RegisteredFormat.register(
                                        settings(Map.of("schema.registry.url", wrong)),
                                        Map.of("t", FlowRecord.getClassSchema())))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.mayPass()).isFalse())
                .hasMessageContaining("can't register schema FlowRecord under subject t-value")
                .hasMessageContaining("404");
    }

    @Test
    void speaksTlsWithTheStoresThatItIsGiven() throws Exception {
        Path store = folder.resolve("server.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "registry",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "secret-of-test");
        int port = RegistryServer.freePort();
        String url = "https://127.0.0.1:" + port + "/apis/ccompat/v7";
        Map<String, Schema> flows = Map.of("tls.flows", FlowRecord.getClassSchema());
        try (RegistryServer _ =
                RegistryServer.start(
                        folder,
                        RegistryServer.freePort(),
                        Map.of(
                                "quarkus.http.ssl-port",
                                Integer.toString(port),
                                "quarkus.http.ssl.certificate.key-store-file",
                                store.toString(),
                                "quarkus.http.ssl.certificate.key-store-password",
                                "secret-of-test"))) {
            RegistrySettings trusting =
                    settings(
                            Map.of(
                                    "schema.registry.url",
                                    url,
                                    "schema.registry.ssl.truststore.type",
                                    "PKCS12",
                                    "schema.registry.ssl.truststore.location",
                                    store.toString(),
                                    "schema.registry.ssl.truststore.password",
                                    "secret-of-test"));

            assertThat(
                            RegisteredFormat.register(trusting, flows)
                                    .header(FlowRecord.getClassSchema()))
                    .startsWith(0);
            assertThatThrownBy(
                            () ->
                                    RegisteredFormat.register(
                                            settings(Map.of("schema.registry.url", url)), flows))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("unable to find valid certification path");
        }
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> line =
                Stream.concat(
                                Stream.of(
                                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                                .toString()),
                                Stream.of(arguments))
                        .toList();
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static RegistrySettings settings() {
        return settings(Map.of("schema.registry.url", server.url()));
    }

    private static RegistrySettings settings(Map<String, String> properties) {
        return Objects.requireNonNull(RegistrySettings.of(properties));
    }

    private static String get(String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }
}
