package dev.ringtail.helm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.testing.Page;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The DaemonSets of the sensor: privileges, network, places, drain and roll-out.
class SensorManifestTest {
    private static final Path MINIMAL = Chart.values("minimal");

    @TempDir private Path folder;

    @Test
    void hasOneCapabilityAndNothingElse() {
        Workload sensor = sensor(MINIMAL);
        var context = sensor.container().getSecurityContext();

        assertThat(context.getRunAsUser()).isZero();
        assertThat(context.getRunAsGroup()).isZero();
        assertThat(context.getAllowPrivilegeEscalation()).isFalse();
        assertThat(context.getReadOnlyRootFilesystem()).isTrue();
        assertThat(context.getPrivileged()).isNull();
        assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(context.getCapabilities().getAdd()).containsExactly("NET_RAW");
        assertThat(sensor.pod().getSecurityContext().getSeccompProfile().getType())
                .isEqualTo("RuntimeDefault");
        assertThat(sensor.pod().getSecurityContext().getFsGroup()).isNull();
    }

    @Test
    void runsAsAUserWhereTheImageHasTheCapability() {
        Workload sensor = sensor(Chart.values("nonroot"));
        var context = sensor.container().getSecurityContext();

        assertThat(context.getRunAsNonRoot()).isTrue();
        assertThat(context.getRunAsUser()).isEqualTo(10001);
        assertThat(context.getAllowPrivilegeEscalation()).isTrue();
        assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(context.getCapabilities().getAdd()).containsExactly("NET_RAW");
        assertThat(sensor.pod().getSecurityContext().getFsGroup()).isEqualTo(10001);
        assertThat(sensor.container().getImage())
                .isEqualTo("registry.example.net/ringtail/sensor-nonroot:0.1.0-SNAPSHOT");
    }

    @Test
    void takesAnImageOfTheOperatorsOwnAsItIs() throws IOException {
        Path own = values("sensor: {nonRoot: true, image: {repository: example.net/tap, tag: v1}}");

        assertThat(sensor(MINIMAL, own).container().getImage()).isEqualTo("example.net/tap:v1");
    }

    @Test
    void mayHaveADeviceStampPackets() throws IOException {
        Path hardware = values("sensor: {config: {timestamps: hardware}}");

        assertThat(
                        sensor(MINIMAL, hardware)
                                .container()
                                .getSecurityContext()
                                .getCapabilities()
                                .getAdd())
                .containsExactly("NET_RAW", "NET_ADMIN");
    }

    @Test
    void isInTheNetworkOfTheNodeAndFindsNamesOfTheCluster() {
        Workload sensor = sensor(MINIMAL);

        assertThat(sensor.pod().getHostNetwork()).isTrue();
        assertThat(sensor.pod().getDnsPolicy()).isEqualTo("ClusterFirstWithHostNet");
        assertThat(sensor.container().getPorts())
                .allMatch(p -> p.getHostPort().equals(p.getContainerPort()));
        assertThat(sensor.container().getEnv())
                .filteredOn(e -> e.getName().equals("NODE_NAME"))
                .singleElement()
                .satisfies(
                        e ->
                                assertThat(e.getValueFrom().getFieldRef().getFieldPath())
                                        .isEqualTo("spec.nodeName"));
    }

    @Test
    void isProbedWhereItListens() {
        assertThat(probeHosts(sensor(MINIMAL))).containsOnly("127.0.0.1");
        assertThat(probeHosts(sensor(Chart.values("monitoring")))).containsOnlyNulls();
    }

    private static List<String> probeHosts(Workload sensor) {
        Container container = sensor.container();
        assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/readyz");
        assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/livez");
        return List.of(
                        container.getStartupProbe(),
                        container.getLivenessProbe(),
                        container.getReadinessProbe())
                .stream()
                .map(probe -> probe.getHttpGet().getHost())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"20s,30", "1m,70", "20001ms,31", "1500ms,25"})
    void hasTimeToDrain(String stopTimeout, long graceSeconds) throws IOException {
        Path values = values("sensor: {config: {stopTimeout: %s}}".formatted(stopTimeout));

        assertThat(sensor(MINIMAL, values).pod().getTerminationGracePeriodSeconds())
                .isEqualTo(graceSeconds);
    }

    /// A hook runs before SIGTERM and takes of the same time.
    @Test
    void drainsBySigtermWithoutAHook() throws IOException {
        assertThat(sensor(MINIMAL).container().getLifecycle()).isNull();
        assertThat(Page.of("how-to/run-on-kubernetes.md").text()).contains("no preStop hook");
        assertThat(Files.readString(Path.of("ringtail", "README.md"))).contains("no preStop hook");
    }

    @Test
    void isReplacedWhereItsConfigurationChanges() throws IOException {
        assertThat(checksum(values("sensor: {config: {lanes: 3}}"))).isNotEqualTo(checksum());
        assertThat(checksum(values("kafka: {properties: {linger.ms: 9}}")))
                .isNotEqualTo(checksum());
        assertThat(checksum(values("sensor: {config: {interfaces: [eth5]}}")))
                .isNotEqualTo(checksum());
    }

    @Test
    void staysWhereFiltersChangeSinceItTakesThemWhileItRuns() throws IOException {
        Path udp =
                values(
                        "sensor: {config: {filter: udp, interfaces: [{name: e*, except: [e1],"
                                + " filter: udp}]}}");
        Path tcp =
                values(
                        "sensor: {config: {filter: tcp, interfaces: [{name: e*, except: [e1],"
                                + " filter: tcp}]}}");
        Path other =
                values(
                        "sensor: {config: {filter: tcp, interfaces: [{name: e*, except: [e2],"
                                + " filter: tcp}]}}");

        assertThat(checksum(udp)).isEqualTo(checksum(tcp)).isNotEqualTo(checksum(other));
        Path locked = values("sensor: {config: {lockFilter: true}}");
        assertThat(checksum(udp, locked)).isNotEqualTo(checksum(tcp, locked));
    }

    @Test
    void staysWhereTheChartAloneHasAnotherVersion() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("chart"));
        Chart newer = Chart.withTests(copy);
        Path chartFile = copy.resolve("Chart.yaml");
        Files.writeString(
                chartFile,
                Files.readString(chartFile).replaceFirst("(?m)^version: .*", "version: 9.9.9"));

        DaemonSet changed = newer.render(MINIMAL).one(DaemonSet.class, "-sensor");
        DaemonSet before = Chart.ofRepository().render(MINIMAL).one(DaemonSet.class, "-sensor");
        assertThat(changed.getMetadata()).isNotEqualTo(before.getMetadata());
        assertThat(changed.getSpec()).isEqualTo(before.getSpec());
    }

    @Test
    void everyNodeHasOneProfile() {
        Manifests manifests = Chart.ofRepository().render(Chart.values("profiles"));

        assertThat(profileExpressions(manifests, ""))
                .hasSize(2)
                .containsOnly(
                        new NodeSelectorRequirement(
                                "ringtail.dev/profile", "NotIn", List.of("edge", "storage")));
        for (String profile : List.of("edge", "storage")) {
            assertThat(profileExpressions(manifests, "-" + profile))
                    .hasSize(2)
                    .containsOnly(
                            new NodeSelectorRequirement(
                                    "ringtail.dev/profile", "In", List.of(profile)));
        }
        assertThat(sensor(MINIMAL).pod().getAffinity()).isNull();
    }

    /// Of each of the alternatives the expression that the chart adds.
    private static List<NodeSelectorRequirement> profileExpressions(
            Manifests manifests, String suffix) {
        return manifests
                .one(DaemonSet.class, "-sensor" + suffix)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getAffinity()
                .getNodeAffinity()
                .getRequiredDuringSchedulingIgnoredDuringExecution()
                .getNodeSelectorTerms()
                .stream()
                .map(NodeSelectorTerm::getMatchExpressions)
                .peek(expressions -> assertThat(expressions).hasSize(2))
                .map(List::getLast)
                .toList();
    }

    @Test
    void aProfileHasItsOwnResourcesAndDrain() {
        Manifests manifests = Chart.ofRepository().render(Chart.values("profiles"));
        Workload edge = Workload.of(manifests.one(DaemonSet.class, "-sensor-edge"));
        Workload common = Workload.of(manifests.one(DaemonSet.class, "-sensor"));

        assertThat(edge.pod().getTerminationGracePeriodSeconds()).isEqualTo(70);
        assertThat(edge.container().getResources().getLimits().get("memory")).hasToString("1Gi");
        assertThat(common.container().getResources().getLimits().get("memory"))
                .hasToString("512Mi");
        assertThat(edge.annotations().get("checksum/config"))
                .isNotEqualTo(common.annotations().get("checksum/config"));
    }

    @Test
    void goesWhereItIsTold() {
        Manifests manifests = Chart.ofRepository().render(Chart.values("placement"));
        DaemonSet set = manifests.all(DaemonSet.class).getFirst();
        Workload sensor = Workload.of(set);

        assertThat(sensor.name()).isEqualTo("net-sniffer-sensor");
        assertThat(
                        set.getSpec()
                                .getUpdateStrategy()
                                .getRollingUpdate()
                                .getMaxUnavailable()
                                .getStrVal())
                .isEqualTo("10%");
        assertThat(sensor.pod().getPriorityClassName()).isEqualTo("system-node-critical");
        assertThat(sensor.pod().getNodeSelector())
                .containsEntry("capture", "yes")
                .containsEntry("kubernetes.io/os", "linux");
        assertThat(sensor.pod().getTolerations())
                .singleElement()
                .satisfies(t -> assertThat(t.getEffect()).isNull());
        assertThat(sensor.labels()).containsEntry("example.net/team", "netops");
        assertThat(sensor.annotations()).containsEntry("example.net/owner", "netops");
        assertThat(sensor.container().getImage())
                .startsWith("registry.example.net:5000/ringtail/sensor@sha256:");
        assertThat(sensor.container().getEnv()).anyMatch(e -> "-Xmx256m".equals(e.getValue()));
    }

    private String checksum(Path... values) {
        Path[] all = new Path[values.length + 1];
        all[0] = MINIMAL;
        System.arraycopy(values, 0, all, 1, values.length);
        return sensor(all).annotations().get("checksum/config");
    }

    private static Workload sensor(Path... values) {
        return Workload.of(Chart.ofRepository().render(values).one(DaemonSet.class, "-sensor"));
    }

    private Path values(String yaml) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "", ".yaml"), yaml);
    }
}
