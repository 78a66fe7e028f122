package dev.ringtail.testing;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

import java.util.Arrays;
import java.util.Optional;

final class RequiresToolCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<String> missing =
                AnnotationSupport.findAnnotation(context.getElement(), RequiresTool.class)
                        .flatMap(RequiresToolCondition::missing);
        return Requirement.evaluate("privileged", missing);
    }

    private static Optional<String> missing(RequiresTool needed) {
        return Arrays.stream(needed.value())
                .filter(tool -> !Tools.exists(tool))
                .map(tool -> "the program " + tool + " is not on the path")
                .findFirst();
    }
}
