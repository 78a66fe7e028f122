package dev.ringtail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

import java.nio.file.AccessDeniedException;

class KafkaFaultsTest {
    private static final String RIGHT = "WRITE on topic t";

    @Test
    void namesTheRightThatIsMissing() {
        Exception denied = new KafkaException("no use", new TopicAuthorizationException("denied"));

        assertThat(KafkaFaults.describe(denied, RIGHT))
                .isEqualTo("not allowed (denied); grant WRITE on topic t");
    }

    @Test
    void namesNoRightWhereNoneIsMissing() {
        assertThat(KafkaFaults.describe(new SslAuthenticationException("no trust"), RIGHT))
                .isEqualTo("no trust");
    }

    @Test
    void saysWhatIsWrongWithAFile() {
        Exception unreadable =
                new KafkaException("no keys", new AccessDeniedException("/etc/ca.crt"));

        assertThat(KafkaFaults.describe(unreadable))
                .isEqualTo("AccessDeniedException: /etc/ca.crt");
    }
}
