package dev.ringtail.sensor.interfaces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.sensor.linux.Errno;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.ScriptedLibC;

import org.junit.jupiter.api.Test;

class InterfaceSurveyTest {
    private static final int AF_PACKET = 17;

    @Test
    void leavesOutWhatVanishesBetweenTheDumpAndTheQuestions() {
        LibC libc = ScriptedLibC.answering("ioctl", arguments -> -Errno.ENODEV.number());

        assertThat(InterfaceSurvey.take(libc))
                .extracting(InterfaceDescription::name)
                .containsExactly("any");
    }

    @Test
    void saysThatTheProcessMayNotCapture() {
        LibC libc =
                ScriptedLibC.answering(
                        "socket",
                        arguments ->
                                (int) arguments[0] == AF_PACKET
                                        ? -Errno.EPERM.number()
                                        : LibC.load()
                                                .socket(
                                                        (int) arguments[0],
                                                        (int) arguments[1],
                                                        (int) arguments[2]));

        assertThat(InterfaceSurvey.take(libc))
                .hasSizeGreaterThan(1)
                .allSatisfy(
                        each -> {
                            assertThat(each.capturable()).isFalse();
                            assertThat(each.problem()).contains("CAP_NET_RAW");
                        });
    }
}
