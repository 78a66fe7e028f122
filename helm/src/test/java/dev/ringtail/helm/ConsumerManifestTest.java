package dev.ringtail.helm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.consumer.Main;
import dev.ringtail.testing.Page;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/// The flow analysis, the chart test, and the policy that binds both.
class ConsumerManifestTest {
    @TempDir private Path folder;

    @Test
    void theFlowAnalysisTakesItsOptions() {
        Deployment flows = flows(Chart.values("minimal"));
        Container container = Workload.of(flows).container();

        Main.commandLine().parseArgs(container.getArgs().toArray(String[]::new));
        assertThat(container.getArgs()).startsWith("flows").contains("--follow");
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getCapabilities().getAdd()).isEmpty();
        assertThat(Workload.of(flows).pod().getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(Workload.of(flows).pod().getHostNetwork()).isNull();
    }

    @Test
    void theFlowAnalysisScalesAsItsPageSays() throws IOException {
        Path values =
                Files.writeString(
                        folder.resolve("values.yaml"),
                        Page.of("how-to/scale-analysis.md").block("flows:"));

        Manifests manifests = Chart.ofRepository().render(Chart.values("minimal"), values);

        assertThat(manifests.one(Deployment.class, "-flows").getSpec().getReplicas()).isEqualTo(4);
        assertThat(manifests.one(ConfigMap.class, "-consumers").getData().get("client.properties"))
                .contains("num.standby.replicas=1\n");
    }

    /// The analysis gives itself 30 s to commit what it has done.
    @Test
    void theFlowAnalysisHasTimeToCommit() {
        assertThat(
                        Workload.of(flows(Chart.values("minimal")))
                                .pod()
                                .getTerminationGracePeriodSeconds())
                .isGreaterThan(30);
    }

    @Test
    void theChartTestTakesItsOptions() {
        Pod test = Chart.withTests(folder).render(Chart.values("minimal")).one(Pod.class, "-audit");
        Container verify = test.getSpec().getContainers().getFirst();

        Main.commandLine().parseArgs(verify.getArgs().toArray(String[]::new));
        assertThat(verify.getArgs()).startsWith("verify");
        assertThat(test.getSpec().getRestartPolicy()).isEqualTo("Never");
        assertThat(test.getSpec().getContainers()).hasSize(2);
    }

    @Test
    void theChartTestAsksNoFlowAnalysisThatIsNotThere() {
        Pod test =
                Chart.withTests(folder).render(Chart.values("placement")).all(Pod.class).getFirst();

        assertThat(test.getSpec().getContainers())
                .extracting(Container::getName)
                .containsExactly("verify");
    }

    @Test
    void kafkaSettingsReachTheConsumersAsTheyAre() throws IOException {
        Manifests manifests = Chart.ofRepository().render(Chart.values("tls"));
        Properties client = new Properties();
        client.load(
                new StringReader(
                        manifests
                                .one(ConfigMap.class, "-consumers")
                                .getData()
                                .get("client.properties")));

        assertThat(client)
                .containsEntry("security.protocol", "SSL")
                .containsEntry("max.request.size", "1000000")
                .containsEntry("ssl.keystore.key", "${secrets:/etc/ringtail/secrets:client.key}");
    }

    @Test
    void isReplacedWhereKafkaSettingsChange() {
        assertThat(checksum("tls")).isNotEqualTo(checksum("minimal"));
        assertThat(checksum("profiles")).isEqualTo(checksum("minimal"));
    }

    private static String checksum(String values) {
        return Workload.of(flows(Chart.values(values))).annotations().get("checksum/config");
    }

    @Test
    void thePolicyBindsTheConsumersAlone() {
        Manifests manifests = Chart.withTests(folder).render(Chart.values("monitoring"));
        NetworkPolicy policy = manifests.one(NetworkPolicy.class, "-consumers");
        var selector = policy.getSpec().getPodSelector();

        assertThat(Workload.of(manifests))
                .filteredOn(
                        w ->
                                w.isMeantBy(selector.getMatchLabels())
                                        && selector.getMatchExpressions().stream()
                                                .allMatch(
                                                        e ->
                                                                e.getValues()
                                                                        .contains(
                                                                                w.labels()
                                                                                        .get(
                                                                                                e
                                                                                                        .getKey()))))
                .extracting(Workload::name)
                .containsExactlyInAnyOrder("rt-ringtail-flows", "rt-ringtail-audit");
        assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(policy.getSpec().getIngress())
                .singleElement()
                .satisfies(
                        rule -> {
                            assertThat(rule.getFrom()).hasSize(2);
                            assertThat(rule.getPorts())
                                    .extracting(p -> p.getPort().getStrVal())
                                    .containsExactly("management");
                        });
        assertThat(policy.getSpec().getEgress().getFirst().getPorts())
                .extracting(NetworkPolicyPort::getPort)
                .extracting(p -> p.getIntVal())
                .containsExactly(53, 53, 9092, 8081);
    }

    @Test
    void thePolicyLetsAnybodyAskAndGoAnywhereUnlessItIsTold() {
        NetworkPolicy policy =
                Chart.ofRepository()
                        .render(Chart.values("minimal"))
                        .one(NetworkPolicy.class, "-consumers");

        assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress");
        assertThat(policy.getSpec().getIngress())
                .singleElement()
                .satisfies(r -> assertThat(r.getFrom()).isEmpty());
        assertThat(Chart.ofRepository().render(Chart.values("placement")).all(NetworkPolicy.class))
                .isEqualTo(List.of());
    }

    private static Deployment flows(Path values) {
        return Chart.ofRepository().render(values).one(Deployment.class, "-flows");
    }
}
