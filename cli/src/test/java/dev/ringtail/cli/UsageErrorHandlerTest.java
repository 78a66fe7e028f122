package dev.ringtail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.PrintWriter;
import java.io.StringWriter;

class UsageErrorHandlerTest {
    @Command(name = "fetch")
    private static final class Fetch implements Runnable {
        @Option(names = "--count")
        private long count;

        @Option(names = "--size")
        private int size;

        @Option(names = "--speed")
        private double speed;

        @Option(names = "--form")
        private Form form = Form.LONG_ONE;

        @Override
        public void run() {}

        private enum Form {
            LONG_ONE,
            SHORT
        }
    }

    @Test
    void speaksOfNumbersAndWordsAndNotOfTypes() {
        assertThat(error("--count", "abc"))
                .startsWith(
                        "fetch: Invalid value for option '--count': 'abc' is not a whole number");
        assertThat(error("--size", "5x"))
                .startsWith("fetch: Invalid value for option '--size': '5x' is not a whole number");
        assertThat(error("--size", "4294967295"))
                .startsWith(
                        "fetch: Invalid value for option '--size': '4294967295' is not between"
                                + " -2147483648 and 2147483647");
        assertThat(error("--count", "99999999999999999999"))
                .contains("'99999999999999999999' is not between -9223372036854775808 and ");
        assertThat(error("--speed", "x"))
                .startsWith("fetch: Invalid value for option '--speed': 'x' is not a number");
        assertThat(error("--form", "Tall")).contains("one of [long_one, short]", "'Tall'");
    }

    @Test
    void namesTheHelpAndWhatWasProbablyMeant() {
        assertThat(error("--coumt", "5")).contains("--count").endsWith("see fetch --help\n");
    }

    private static String error(String... arguments) {
        StringWriter text = new StringWriter();
        int exit =
                new CommandLine(new Fetch())
                        .setParameterExceptionHandler(new UsageErrorHandler())
                        .setErr(new PrintWriter(text, true))
                        .execute(arguments);
        assertThat(exit).isEqualTo(2);
        return text.toString();
    }
}
