package dev.ringtail.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.nio.file.Path;

/// The name of a file as options have it, `-` included. An empty one is refused: it is what a
/// shell's unset variable leaves, and would stand for the folder that the process is in.
public final class FileNameConverter implements ITypeConverter<String> {
    /// For options that take no `-`.
    public static final class ToPath implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) {
            return Path.of(checked(text));
        }
    }

    @Override
    public String convert(String text) {
        return checked(text);
    }

    private static String checked(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("the name is empty");
        }
        return text;
    }
}
