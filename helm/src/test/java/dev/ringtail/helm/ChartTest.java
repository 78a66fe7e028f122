package dev.ringtail.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What holds for the manifests of every value file, and which values are refused.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChartTest {
    private Chart chart;

    @BeforeAll
    void copyWithTests(@TempDir Path folder) {
        chart = Chart.withTests(folder);
    }

    static List<Path> valueFiles() {
        return Chart.valueFiles();
    }

    static List<Path> wrongFiles() {
        return Chart.filesOf(Path.of("src", "test", "resources", "wrong"));
    }

    @Test
    void passesTheStrictLint() {
        LintResult lint = new Helm(Chart.ofRepository().folder()).lint().strict().call();

        assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("wrongFiles")
    void refusesWrongValuesAndNamesTheKey(Path values) throws IOException {
        String key = Files.readAllLines(values).getFirst().replaceFirst("^# ", "");

        assertThatThrownBy(() -> Chart.ofRepository().text(values))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @MethodSource("valueFiles")
    void labelsAndPlacesEveryObject(Path values) {
        Manifests manifests = chart.render(values);

        List<HasMetadata> objects = manifests.all(HasMetadata.class);
        assertThat(objects).isNotEmpty().doesNotHaveDuplicates();
        assertThat(objects)
                .allSatisfy(
                        object -> {
                            assertThat(object.getMetadata().getNamespace())
                                    .isEqualTo(Chart.NAMESPACE);
                            assertThat(object.getMetadata().getName())
                                    .matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
                            assertThat(object.getMetadata().getLabels())
                                    .containsEntry("app.kubernetes.io/instance", Chart.RELEASE)
                                    .containsEntry("app.kubernetes.io/managed-by", "Helm");
                        });
    }

    @ParameterizedTest
    @MethodSource("valueFiles")
    void everyPodIsConfined(Path values) {
        assertThat(Workload.of(chart.render(values)))
                .isNotEmpty()
                .allSatisfy(
                        workload -> {
                            var pod = workload.pod();
                            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
                            assertThat(pod.getSecurityContext().getSeccompProfile().getType())
                                    .isEqualTo("RuntimeDefault");
                            assertThat(pod.getHostPID()).isNull();
                            assertThat(pod.getHostIPC()).isNull();
                            assertThat(pod.getContainers()).allSatisfy(ChartTest::assertConfined);
                        });
    }

    private static void assertConfined(Container container) {
        var context = container.getSecurityContext();
        assertThat(context.getReadOnlyRootFilesystem()).isTrue();
        assertThat(context.getPrivileged()).isNull();
        assertThat(context.getAllowPrivilegeEscalation()).isNotNull();
        assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getResources().getLimits()).containsKey("memory");
        assertThat(container.getImage()).doesNotEndWith(":latest").matches(".+[:@].+");
    }

    @ParameterizedTest
    @MethodSource("valueFiles")
    void everyMountHasItsVolumeAndEveryVolumeItsMount(Path values) {
        Manifests manifests = chart.render(values);
        Set<String> configMaps =
                manifests.all(ConfigMap.class).stream()
                        .map(c -> c.getMetadata().getName())
                        .collect(Collectors.toSet());

        assertThat(Workload.of(manifests))
                .allSatisfy(
                        workload -> {
                            List<Volume> volumes = workload.pod().getVolumes();
                            assertThat(volumes)
                                    .extracting(Volume::getName)
                                    .doesNotHaveDuplicates()
                                    .containsExactlyInAnyOrderElementsOf(
                                            workload.pod().getContainers().stream()
                                                    .flatMap(c -> c.getVolumeMounts().stream())
                                                    .map(VolumeMount::getName)
                                                    .collect(Collectors.toSet()));
                            assertThat(projectedConfigMaps(volumes))
                                    .isNotEmpty()
                                    .isSubsetOf(configMaps);
                        });
    }

    private static List<String> projectedConfigMaps(List<Volume> volumes) {
        return volumes.stream()
                .filter(v -> v.getProjected() != null)
                .flatMap(v -> v.getProjected().getSources().stream())
                .filter(s -> s.getConfigMap() != null)
                .map(s -> s.getConfigMap().getName())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("valueFiles")
    void everySelectorMeansItsOwnPodsAlone(Path values) {
        List<Workload> workloads = Workload.of(chart.render(values));

        assertThat(workloads.stream().filter(w -> !w.selector().isEmpty()).toList())
                .isNotEmpty()
                .allSatisfy(
                        controller ->
                                assertThat(workloads)
                                        .filteredOn(w -> w.isMeantBy(controller.selector()))
                                        .containsExactly(controller));
    }

    @ParameterizedTest
    @MethodSource("valueFiles")
    void everyServiceAndProbeFindsItsPort(Path values) {
        Manifests manifests = chart.render(values);
        List<Workload> workloads = Workload.of(manifests);

        for (Service service : manifests.all(Service.class)) {
            assertThat(workloads)
                    .filteredOn(w -> w.isMeantBy(service.getSpec().getSelector()))
                    .isNotEmpty()
                    .allSatisfy(
                            w ->
                                    assertThat(portsOf(w.container()))
                                            .containsEntry(
                                                    "management",
                                                    service.getSpec()
                                                            .getPorts()
                                                            .getFirst()
                                                            .getPort()));
        }
        for (Workload workload : workloads) {
            Container container = workload.container();
            Stream.of(
                            container.getStartupProbe(),
                            container.getLivenessProbe(),
                            container.getReadinessProbe())
                    .filter(Objects::nonNull)
                    .map(Probe::getHttpGet)
                    .forEach(
                            get ->
                                    assertThat(portsOf(container))
                                            .containsKey(get.getPort().getStrVal()));
        }
    }

    private static Map<String, Integer> portsOf(Container container) {
        return container.getPorts().stream()
                .collect(Collectors.toMap(ContainerPort::getName, ContainerPort::getContainerPort));
    }

    @ParameterizedTest
    @MethodSource("valueFiles")
    void everyPodHasAServiceAccountThatIsMadeOrNamed(Path values) {
        Manifests manifests = chart.render(values);
        Set<String> made =
                manifests.all(ServiceAccount.class).stream()
                        .map(a -> a.getMetadata().getName())
                        .collect(Collectors.toSet());

        assertThat(made.isEmpty() ? Set.of("capture") : made).hasSize(1);
        assertThat(Workload.of(manifests))
                .extracting(w -> w.pod().getServiceAccountName())
                .allMatch(name -> made.isEmpty() ? name.equals("capture") : made.contains(name));
    }

    @Test
    void hasTheVersionOfTheProject() throws IOException {
        String project =
                Files.readString(Path.of("pom.xml"))
                        .replaceFirst("(?s).*?<version>([^<]*)</version>.*", "$1");

        assertThat(Files.readAllLines(Path.of("ringtail", "Chart.yaml")))
                .contains("appVersion: " + project);
    }
}
