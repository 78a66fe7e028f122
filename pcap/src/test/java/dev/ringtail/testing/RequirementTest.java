package dev.ringtail.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Optional;

class RequirementTest {
    private final String before = System.getProperty("require", "");

    @AfterEach
    void restore() {
        System.setProperty("require", before);
    }

    @Test
    void runsWhereNothingIsMissing() {
        System.setProperty("require", "docker,privileged");

        assertThat(Requirement.evaluate("privileged", Optional.empty()).isDisabled()).isFalse();
    }

    @Test
    void skipsWithTheReasonWhereSomethingIsMissing() {
        System.setProperty("require", "docker");

        assertThat(Requirement.evaluate("privileged", Optional.of("no capability")))
                .satisfies(
                        result -> {
                            assertThat(result.isDisabled()).isTrue();
                            assertThat(result.getReason()).contains("no capability");
                        });
    }

    @Test
    void failsWhereSomethingIsMissingThatIsRequired() {
        System.setProperty("require", "docker,privileged");

        assertThatThrownBy(() -> Requirement.evaluate("privileged", Optional.of("no capability")))
                .isInstanceOf(AssertionError.class)
                .hasMessage("-Drequire=privileged is set, but no capability");
    }
}
