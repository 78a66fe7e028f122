package dev.ringtail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

import java.nio.file.Path;

class FileNameConverterTest {
    @Command(name = "copy")
    private static final class Copy {
        @Option(names = "--from")
        private @Nullable Path from;

        @Option(names = "--to", converter = FileNameConverter.class)
        private @Nullable String to;
    }

    private final Copy copy = new Copy();
    private final CommandLine commandLine =
            new CommandLine(copy).registerConverter(Path.class, new FileNameConverter.ToPath());

    @Test
    void takesNamesAsTheyAre() {
        commandLine.parseArgs("--from", " a/b ", "--to", "-");

        assertThat(copy.from).isEqualTo(Path.of(" a/b "));
        assertThat(copy.to).isEqualTo("-");
    }

    @Test
    void refusesAnEmptyName() {
        assertThatThrownBy(() -> commandLine.parseArgs("--from="))
                .isInstanceOf(ParameterException.class)
                .hasMessage("Invalid value for option '--from': the name is empty");
        assertThatThrownBy(() -> commandLine.parseArgs("--to", ""))
                .isInstanceOf(ParameterException.class)
                .hasMessage("Invalid value for option '--to': the name is empty");
    }
}
