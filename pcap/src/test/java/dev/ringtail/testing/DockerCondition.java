package dev.ringtail.testing;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

final class DockerCondition implements ExecutionCondition {
    private static final class Machine {
        static final Optional<String> MISSING = probe();

        private static Optional<String> probe() {
            try {
                Tools.Result info = Tools.run(Duration.ofSeconds(20), List.of("docker", "info"));
                return info.exit() == 0
                        ? Optional.empty()
                        : Optional.of("no Docker daemon answers: " + info.stderr().strip());
            } catch (AssertionError e) {
                return Optional.of("no Docker here: " + e.getMessage());
            }
        }
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return Requirement.evaluate("docker", Machine.MISSING);
    }
}
