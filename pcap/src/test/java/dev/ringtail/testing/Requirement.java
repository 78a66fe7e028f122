package dev.ringtail.testing;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;

import java.util.List;
import java.util.Optional;

/// What a test needs of the machine: it is skipped with the reason where that is missing, and fails
/// where the system property `require` (tags separated by commas) insists.
final class Requirement {
    private Requirement() {}

    /// Decides on a test.
    ///
    /// @param tag tag under which `require` insists on it
    /// @param missing why the test can't run here, empty where it can
    /// @throws AssertionError when it can't and must
    static ConditionEvaluationResult evaluate(String tag, Optional<String> missing) {
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled(tag + " tests can run");
        }
        String reason = missing.get();
        if (List.of(System.getProperty("require", "").split(",")).contains(tag)) {
            throw new AssertionError("-Drequire=" + tag + " is set, but " + reason);
        }
        return ConditionEvaluationResult.disabled(reason);
    }
}
