package dev.ringtail.cli;

import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import java.util.Locale;
import java.util.regex.Pattern;

/// Tells of wrong usage in a line, with what was probably meant, and names the help; picocli alone
/// would print all of it, and speak of Java's types.
public final class UsageErrorHandler implements IParameterExceptionHandler {
    private static final Pattern LARGE_INT = Pattern.compile("('[+-]?\\d+') is not an int$");
    private static final Pattern LARGE_LONG = Pattern.compile("('[+-]?\\d+') is not a long$");
    private static final Pattern JAVA_INTEGER = Pattern.compile("is not an? (int|long)$");
    private static final Pattern JAVA_DOUBLE = Pattern.compile("is not a (double|float)$");
    private static final Pattern ENUM_CONSTANTS = Pattern.compile("expected one of \\[[A-Z_, ]+]");

    @Override
    public int handleParseException(ParameterException fault, String[] arguments) {
        CommandLine command = fault.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + describe(fault));
        UnmatchedArgumentException.printSuggestions(fault, command.getErr());
        command.getErr().println("see " + name + " --help");
        return CommandLine.ExitCode.USAGE;
    }

    private static String describe(ParameterException fault) {
        String text = String.valueOf(fault.getMessage());
        text = LARGE_INT.matcher(text).replaceFirst(outside(Integer.MIN_VALUE, Integer.MAX_VALUE));
        text = LARGE_LONG.matcher(text).replaceFirst(outside(Long.MIN_VALUE, Long.MAX_VALUE));
        text = JAVA_INTEGER.matcher(text).replaceFirst("is not a whole number");
        text = JAVA_DOUBLE.matcher(text).replaceFirst("is not a number");
        return ENUM_CONSTANTS
                .matcher(text)
                .replaceFirst(found -> found.group().toLowerCase(Locale.ROOT));
    }

    private static String outside(long least, long most) {
        return "$1 is not between " + least + " and " + most;
    }
}
