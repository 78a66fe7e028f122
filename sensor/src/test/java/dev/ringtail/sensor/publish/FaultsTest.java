package dev.ringtail.sensor.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

import java.nio.file.AccessDeniedException;

class FaultsTest {
    private static final String RIGHT = "WRITE on topic t";

    @Test
    void namesTheRightThatIsMissing() {
        Exception denied = new KafkaException("no use", new TopicAuthorizationException("denied"));

        assertThat(Faults.describe(denied, RIGHT))
                .isEqualTo("not allowed (denied); grant WRITE on topic t");
    }

    @Test
    void namesNoRightWhereNoneIsMissing() {
        assertThat(Faults.describe(new SslAuthenticationException("no trust"), RIGHT))
                .isEqualTo("no trust");
    }

    @Test
    void saysWhatIsWrongWithAFile() {
        Exception unreadable =
                new KafkaException("no keys", new AccessDeniedException("/etc/ca.crt"));

        assertThat(Faults.describe(unreadable)).isEqualTo("AccessDeniedException: /etc/ca.crt");
    }
}
