package dev.ringtail.testing;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

final class PrivilegedCondition implements ExecutionCondition {
    /// CAP_NET_ADMIN, CAP_NET_RAW, CAP_SYS_ADMIN of capabilities(7).
    private static final long NEEDED = 1L << 12 | 1L << 13 | 1L << 21;

    private static final class Machine {
        static final Optional<String> MISSING = probe();

        private static Optional<String> probe() {
            if ((effectiveCapabilities() & NEEDED) != NEEDED) {
                return Optional.of(
                        "CAP_NET_RAW, CAP_NET_ADMIN and CAP_SYS_ADMIN are not effective");
            }
            if (!Tools.exists("ip")) {
                return Optional.of("the program ip (iproute2) is not on the path");
            }
            // Containers may have the capabilities and still forbid the mounts behind ip netns.
            try (NetworkNamespace namespace = NetworkNamespace.create()) {
                namespace.run("ip link add name veth0 type veth peer name veth1");
                return Optional.empty();
            } catch (AssertionError e) {
                return Optional.of("network namespaces can't be made: " + e.getMessage());
            }
        }

        private static long effectiveCapabilities() {
            try {
                return Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith("CapEff:"))
                        .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                        .findFirst()
                        .orElse(0);
            } catch (IOException e) {
                return 0;
            }
        }
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return Requirement.evaluate("privileged", Machine.MISSING);
    }
}
