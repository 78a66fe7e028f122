package dev.ringtail.demo;

import dev.ringtail.testing.Tools;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// A certificate authority of a test, made by the JDK's keytool. Files are PEM.
final class Certificates {
    private static final String PASSWORD = "changeit";
    private static final String AUTHORITY = "authority";

    private final Path folder;
    private final Path store;

    /// @param folder a folder of its own, which is made
    Certificates(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.store = folder.resolve("store.p12");
        generate(
                AUTHORITY,
                "CN=authority of " + folder.getFileName(),
                "-ext",
                "bc:critical=ca:true",
                "-ext",
                "ku:critical=keyCertSign");
    }

    /// The authority's own certificate.
    Path authority() throws IOException {
        return write(AUTHORITY + ".crt", certificates(AUTHORITY));
    }

    /// A new key in PKCS#8, then its certificate for `CN=name` and 127.0.0.1, and the authority's.
    Path issue(String name) throws IOException {
        generate(name, "CN=" + name, "-signer", AUTHORITY, "-ext", "san=ip:127.0.0.1");
        return write(name + ".pem", key(name) + certificates(name));
    }

    private Path write(String name, String pem) throws IOException {
        return Files.writeString(folder.resolve(name), pem);
    }

    private void generate(String name, String subject, String... options) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair"));
        command.addAll(List.of("-alias", name, "-dname", subject, "-keyalg", "EC"));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        command.addAll(List.of(options));
        Tools.run(command).orFail();
    }

    private String key(String name) throws IOException {
        try {
            return pem("PRIVATE KEY", load().getKey(name, PASSWORD.toCharArray()).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private String certificates(String name) throws IOException {
        try {
            StringBuilder chain = new StringBuilder();
            for (Certificate certificate : load().getCertificateChain(name)) {
                chain.append(pem("CERTIFICATE", certificate.getEncoded()));
            }
            return chain.toString();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(
                        type,
                        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der),
                        type);
    }
}
