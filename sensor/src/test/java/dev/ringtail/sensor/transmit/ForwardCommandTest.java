package dev.ringtail.sensor.transmit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.sensor.Main;
import dev.ringtail.sensor.StopSignal;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;

/// What is refused before anything is opened.
class ForwardCommandTest {
    private final StringWriter err = new StringWriter();

    @Test
    void refusesAllInterfacesAtOnce() {
        int exit =
                Main.commandLine(StopSignal.never())
                        .setErr(new PrintWriter(err))
                        .execute("forward", "-i", "any", "--to", "lo");

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("ringtail forward: -i: 'any' is all interfaces at once")
                .contains("name one interface")
                .hasLineCount(1);
    }
}
