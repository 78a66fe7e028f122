package dev.ringtail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
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
    void doesNotSayThatATopicIsMissingWhereNobodyAnswers() {
        assertThat(
                        KafkaFaults.describe(
                                new TimeoutException(
                                        "Topic a.b not present in metadata after 1000 ms.")))
                .isEqualTo(
                        "nothing heard of topic a.b for 1000 ms: no broker answers, or it is not"
                                + " there");
    }

    @Test
    void saysWhatIsWrongWithAFile() {
        Exception unreadable =
                new KafkaException("no keys", new AccessDeniedException("/etc/ca.crt"));

        assertThat(KafkaFaults.describe(unreadable))
                .isEqualTo("AccessDeniedException: /etc/ca.crt");
    }
}
