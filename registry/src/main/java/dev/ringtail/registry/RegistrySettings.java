package dev.ringtail.registry;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.net.ssl.SSLContext;

/// What the operator says of the schema registry, by the names that Confluent's serializers have
/// for it, among the properties of the Kafka clients.
///
/// | property | is |
/// | --- | --- |
/// | `schema.registry.url` | one URL or several, separated by commas; without it no registry is used |
/// | `basic.auth.credentials.source` | `USER_INFO` or `URL` |
/// | `basic.auth.user.info` | `USER:PASSWORD` |
/// | `schema.registry.ssl.…` | key store and trust store, as Kafka's `ssl.…` |
/// | `auto.register.schemas` | `false`: schemas must be there already; nothing is changed |
///
/// The credentials' properties may begin with `schema.registry.` too. Values may name what Kafka's
/// `config.providers` are to look up, as those of the Kafka clients may.
public final class RegistrySettings {
    private static final String PREFIX = "schema.registry.";
    private static final String URL = "schema.registry.url";
    private static final String SSL_PREFIX = PREFIX + "ssl.";
    private static final String CREDENTIALS_SOURCE = "basic.auth.credentials.source";
    private static final String USER_INFO = "basic.auth.user.info";
    private static final String AUTO_REGISTER = "auto.register.schemas";
    private static final Set<String> UNPREFIXED =
            Set.of(CREDENTIALS_SOURCE, USER_INFO, AUTO_REGISTER);

    private final List<URI> urls;
    private final @Nullable String authorization;
    private final @Nullable SSLContext sslContext;
    private final boolean autoRegister;

    private RegistrySettings(
            List<URI> urls,
            @Nullable String authorization,
            @Nullable SSLContext sslContext,
            boolean autoRegister) {
        this.urls = urls;
        this.authorization = authorization;
        this.sslContext = sslContext;
        this.autoRegister = autoRegister;
    }

    /// Takes the registry's settings out of the Kafka clients' properties.
    ///
    /// @return null if no registry is named
    /// @throws RegistryException if one of them can't be honoured
    public static @Nullable RegistrySettings of(Map<String, ?> properties) {
        if (!properties.containsKey(URL)) {
            return null;
        }
        Map<String, String> own = new HashMap<>();
        lookedUp(properties)
                .forEach(
                        (name, value) -> {
                            if (isOwn(name)) {
                                own.put(name, String.valueOf(value));
                            }
                        });
        List<URI> given = new ArrayList<>();
        for (String url : own.getOrDefault(URL, "").split(",", -1)) {
            given.add(parse(url.strip()));
        }
        return new RegistrySettings(
                given.stream().map(RegistrySettings::withoutUser).toList(),
                authorization(own, given),
                sslContext(own),
                !"false".equalsIgnoreCase(own.getOrDefault(AUTO_REGISTER, "true").strip()));
    }

    /// The properties with `${PROVIDER:PATH:KEY}` replaced by what it means, by Kafka's own code.
    private static Map<String, Object> lookedUp(Map<String, ?> properties) {
        try {
            return new AbstractConfig(new ConfigDef(), properties, false).originals();
        } catch (KafkaException e) {
            throw RegistryException.lasting(
                    "config.providers: " + RegistryException.describe(e), e);
        }
    }

    /// Whether a property is the registry's, and no Kafka client's.
    public static boolean isOwn(String property) {
        return property.startsWith(PREFIX) || UNPREFIXED.contains(property);
    }

    /// Where the registry is, each with a slash at its end and without credentials; at least one.
    List<URI> urls() {
        return urls;
    }

    /// Value of the header `Authorization`; null for none.
    @Nullable String authorization() {
        return authorization;
    }

    /// Keys and trust for TLS; null for the JVM's own.
    @Nullable SSLContext sslContext() {
        return sslContext;
    }

    /// Whether schemas that are not in the registry may be written there.
    boolean autoRegister() {
        return autoRegister;
    }

    /// The URLs without credentials, for messages.
    @Override
    public String toString() {
        return String.join(",", urls.stream().map(URI::toString).toList());
    }

    private static URI parse(String url) {
        try {
            URI uri = URI.create(url.endsWith("/") ? url : url + "/");
            if (uri.getHost() != null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Its message would repeat the URL, which may hold a password.
        }
        throw RegistryException.lasting(
                URL + ": one of the URLs is none; http://HOST:PORT or https://HOST:PORT is wanted");
    }

    private static URI withoutUser(URI uri) {
        String userInfo = uri.getRawUserInfo();
        return userInfo == null
                ? uri
                : URI.create(uri.toString().replace("//" + userInfo + "@", "//"));
    }

    private static @Nullable String authorization(Map<String, String> own, List<URI> urls) {
        @Nullable String userInfo = credential(own, USER_INFO);
        @Nullable String source = credential(own, CREDENTIALS_SOURCE);
        if (source == null) {
            source = userInfo == null ? "URL" : "USER_INFO";
        }
        @Nullable String credentials =
                switch (source) {
                    case "USER_INFO" -> userInfo;
                    case "URL" -> urls.getFirst().getUserInfo();
                    default ->
                            throw RegistryException.lasting(
                                    "%s is \"%s\"; USER_INFO and URL are supported"
                                            .formatted(CREDENTIALS_SOURCE, source));
                };
        if (credentials == null) {
            return null;
        }
        return "Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String credential(Map<String, String> own, String name) {
        @Nullable String value = own.get(name);
        return value == null ? own.get(PREFIX + name) : value;
    }

    /// Kafka's own code reads the stores, so that JKS, PKCS12 and PEM mean the same in both places.
    private static @Nullable SSLContext sslContext(Map<String, String> own) {
        Map<String, String> ssl = new HashMap<>();
        own.forEach(
                (name, value) -> {
                    if (name.startsWith(SSL_PREFIX)) {
                        ssl.put(name.substring(PREFIX.length()), value);
                    }
                });
        if (ssl.isEmpty()) {
            return null;
        }
        try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
            factory.configure(new ConfigDef().withClientSslSupport().parse(ssl));
            return factory.sslContext();
        } catch (KafkaException e) {
            throw RegistryException.lasting(SSL_PREFIX + "…: " + RegistryException.describe(e), e);
        }
    }
}
