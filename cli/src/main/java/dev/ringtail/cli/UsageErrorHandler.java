package dev.ringtail.cli;

import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Tells of wrong usage in a line, with what was probably meant, and names the help; picocli alone
/// would print all of it.
public final class UsageErrorHandler implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException fault, String[] arguments) {
        CommandLine command = fault.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + fault.getMessage());
        UnmatchedArgumentException.printSuggestions(fault, command.getErr());
        command.getErr().println("see " + name + " --help");
        return CommandLine.ExitCode.USAGE;
    }
}
