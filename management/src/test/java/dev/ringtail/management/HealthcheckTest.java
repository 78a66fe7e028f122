package dev.ringtail.management;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The script of the images' health checks, against the real endpoint.
class HealthcheckTest {
    private static final Managed READY =
            new Managed() {
                @Override
                public List<String> troubles() {
                    return List.of();
                }

                @Override
                public void collect(Samples into) {}
            };

    private record Outcome(int exit, String out) {}

    @Test
    void asksForLifeUnlessAnotherPathIsNamed() throws Exception {
        try (ManagementServer server =
                ManagementServer.start(ManagementAddress.parse("127.0.0.1:0"), "ringtail 9.9")) {
            server.notReady("waiting for a test");
            assertThat(check(server)).isEqualTo(new Outcome(0, "ok\n"));
            assertThat(check(server, "/readyz")).isEqualTo(new Outcome(1, "waiting for a test\n"));

            server.watch(READY);
            assertThat(check(server, "/readyz")).isEqualTo(new Outcome(0, "ok\n"));
        }
    }

    private static Outcome check(ManagementServer server, String... path) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(Path.of("../container/healthcheck").toString())
                        .redirectErrorStream(true);
        builder.command().addAll(List.of(path));
        builder.environment()
                .put("RINGTAIL_MANAGEMENT_PORT", Integer.toString(server.address().port()));
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), out);
    }
}
