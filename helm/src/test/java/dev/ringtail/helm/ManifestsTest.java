package dev.ringtail.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// That [Manifests] would see a typing error, wherever it is.
class ManifestsTest {
    private static final String POD =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: a}
            spec:
              containers:
                - name: c
                  resources: {limits: {memory: 1Gi}}
                  securityContext: {capabilities: {drop: [ALL]}}
                  livenessProbe: {httpGet: {path: /, port: http}}
              volumes: [{name: v, emptyDir: {sizeLimit: 1Mi}}]
            """;

    @Test
    void readsWhatIsRight() {
        assertThat(Manifests.parse(POD).objects()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "metadata: > meta: ",
                "containers: > container: ",
                "securityContext: > securityContxt: ",
                "drop: > dropped: ",
                "httpGet: > httpget: ",
                "port: http > prot: http",
                "sizeLimit: > limit: ",
                "kind: Pod > kind: Pot",
                "kind: Pod > kind: Service",
                "kind: Pod > 'kind: Pod\nkind: Pod'"
            })
    void refusesATypingError(String right, String wrong) {
        String manifest = POD.replace(right, wrong);
        assertThat(manifest).isNotEqualTo(POD);

        assertThatThrownBy(() -> Manifests.parse(manifest)).isInstanceOf(Exception.class);
    }
}
