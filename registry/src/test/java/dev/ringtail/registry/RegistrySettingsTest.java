package dev.ringtail.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;

import dev.ringtail.schema.FlowRecord;
import dev.ringtail.schema.SchemaLookup;

import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/// What properties mean. The server in this JVM stands in for one with users, which Apicurio has
/// only together with an identity provider, and for one that is overloaded.
class RegistrySettingsTest {
    private static final String URL = "schema.registry.url";

    @Test
    void withoutAUrlThereIsNoRegistry() {
        assertThat(RegistrySettings.of(Map.of("bootstrap.servers", "localhost:9092"))).isNull();
        assertThat(RegistrySettings.isOwn("schema.registry.ssl.key.password")).isTrue();
        assertThat(RegistrySettings.isOwn("basic.auth.user.info")).isTrue();
        assertThat(RegistrySettings.isOwn("ssl.key.password")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "registry:8081", "ftp://u:geheim@r", "http://u:geheim@r,", "http:// r"})
    void refusesWhatIsNoUrlWithoutRepeatingAPassword(String url) {
        assertThatThrownBy(() -> RegistrySettings.of(Map.of(URL, url)))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining(URL)
                .message()
                .doesNotContain("geheim");
    }

    @Test
    void refusesSourcesOfCredentialsAndStoresThatItCannotUse() {
        assertThatThrownBy(
                        () ->
                                RegistrySettings.of(
                                        Map.of(
                                                URL,
                                                "http://r",
                                                "basic.auth.credentials.source",
                                                "SASL_INHERIT")))
                .hasMessageContaining("SASL_INHERIT")
                .hasMessageContaining("USER_INFO");
        assertThatThrownBy(
                        () ->
                                RegistrySettings.of(
                                        Map.of(
                                                URL,
                                                "https://r",
                                                "schema.registry.ssl.truststore.location",
                                                "/nonexistent.jks")))
                .hasMessageContaining("schema.registry.ssl")
                .hasMessageContaining("/nonexistent.jks");
    }

    @ParameterizedTest
    @CsvSource({
        "http://HOST, basic.auth.user.info, anna:geheim",
        "http://HOST, schema.registry.basic.auth.user.info, anna:geheim",
        "http://anna:geheim@HOST, basic.auth.credentials.source, URL"
    })
    void sendsCredentialsAndKeepsThemOutOfMessages(String url, String name, String value)
            throws IOException {
        List<String> seen = new CopyOnWriteArrayList<>();
        HttpServer server = server(401, seen);
        try {
            String host = "127.0.0.1:" + server.getAddress().getPort();
            Map<String, String> properties = new HashMap<>(Map.of(name, value));
            properties.put(URL, url.replace("HOST", host));

            assertThatThrownBy(() -> register(properties))
                    .isInstanceOfSatisfying(
                            RegistryException.class, e -> assertThat(e.mayPass()).isFalse())
                    .hasMessageContaining("http://" + host + "/")
                    .hasMessageContaining("401")
                    .message()
                    .doesNotContain("geheim");
            assertThat(seen).isNotEmpty().containsOnly(basic("anna:geheim"));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void looksCredentialsAndPasswordsUpWhereKafkaDoes(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("registry.user"), "anna:geheim");
        Files.writeString(folder.resolve("registry.store"), "/nonexistent.jks");
        Map<String, String> properties = new HashMap<>();
        properties.put("config.providers", "secrets");
        properties.put("config.providers.secrets.class", DirectoryConfigProvider.class.getName());
        properties.put("config.providers.secrets.param.allowed.paths", folder.toString());
        properties.put(URL, "https://r");
        properties.put("basic.auth.user.info", "${secrets:" + folder + ":registry.user}");

        assertThat(Objects.requireNonNull(RegistrySettings.of(properties)).authorization())
                .isEqualTo(basic("anna:geheim"));
        properties.put(
                "schema.registry.ssl.truststore.location",
                "${secrets:" + folder + ":registry.store}");
        assertThatThrownBy(() -> RegistrySettings.of(properties))
                .hasMessageContaining("/nonexistent.jks");
    }

    @Test
    void refusesAProviderThatIsNotThere() {
        assertThatThrownBy(
                        () ->
                                RegistrySettings.of(
                                        Map.of(
                                                URL,
                                                "https://r",
                                                "config.providers",
                                                "vault",
                                                "config.providers.vault.class",
                                                "no.such.Vault")))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("config.providers")
                .hasMessageContaining("no.such.Vault");
    }

    @Test
    void takesAnOverloadedRegistryForOneThatWillAnswerLater() throws IOException {
        HttpServer server = server(503, new CopyOnWriteArrayList<>());
        try {
            assertThatThrownBy(
                            () ->
                                    register(
                                            Map.of(
                                                    URL,
                                                    "http://127.0.0.1:"
                                                            + server.getAddress().getPort())))
                    .isInstanceOfSatisfying(
                            RegistryException.class, e -> assertThat(e.mayPass()).isTrue())
                    .hasMessageContaining("503");
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 302, 503})
    void aLookupFailsWhereItIsNotTheIdThatIsRefused(int status) throws IOException {
        HttpServer server = server(status, new CopyOnWriteArrayList<>());
        try {
            assertThatThrownBy(() -> lookup(server).findRegistered(7))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining(Integer.toString(status));
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 422})
    void asksOnceForAnIdThatIsRefused(int status) throws IOException {
        List<String> seen = new CopyOnWriteArrayList<>();
        HttpServer server = server(status, seen);
        try {
            RegistryLookup lookup = lookup(server);

            assertThat(lookup.findRegistered(7)).isNull();
            assertThat(lookup.findRegistered(7)).isNull();
            assertThat(seen).hasSize(1);
        } finally {
            server.stop(0);
        }
    }

    private static RegistryLookup lookup(HttpServer server) {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        return new RegistryLookup(
                Objects.requireNonNull(RegistrySettings.of(Map.of(URL, url))), SchemaLookup.NONE);
    }

    private static String basic(String credentials) {
        return "Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    private static void register(Map<String, String> properties) {
        RegisteredFormat.register(
                Objects.requireNonNull(RegistrySettings.of(properties)),
                Map.of("t", FlowRecord.getClassSchema()));
    }

    private static HttpServer server(int status, List<String> authorizations) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    authorizations.add(
                            String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        server.start();
        return server;
    }
}
