package dev.ringtail.helm;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The sensor's container as the chart would have it, for a local Docker in the place of a kubelet:
/// its user, capabilities, read-only root, mounts, environment, memory and arguments become options
/// of `docker run`.
///
/// The network is the caller's to choose, where Kubernetes would take the node's. What Docker could
/// not do as Kubernetes does is refused.
final class RenderedSensor {
    private final Workload workload;
    private final String configFile;

    /// @param manifests with one DaemonSet of the default profile and its ConfigMap
    RenderedSensor(Manifests manifests) {
        this.workload = Workload.of(manifests.one(DaemonSet.class, "-sensor"));
        this.configFile = manifests.one(ConfigMap.class, "-sensor").getData().get("sensor.yaml");
    }

    /// The image.
    String image() {
        return workload.container().getImage();
    }

    /// What the image's entry point is given.
    List<String> arguments() {
        return workload.container().getArgs();
    }

    /// How kubelet asks whether the sensor is ready.
    HTTPGetAction readiness() {
        return workload.container().getReadinessProbe().getHttpGet();
    }

    /// The number of a port that has a name.
    int port(String name) {
        return workload.container().getPorts().stream()
                .filter(port -> port.getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getContainerPort();
    }

    /// Options of `docker run`.
    ///
    /// @param folder an empty one, for the files that kubelet would project; they get the group
    ///   that the pod asks for, which takes root
    /// @param fields what the downward API would tell, by field path
    List<String> options(Path folder, Map<String, String> fields) throws IOException {
        Container container = workload.container();
        List<String> options = new ArrayList<>(privileges(container.getSecurityContext()));
        for (EnvVar variable : container.getEnv()) {
            options.add("--env=" + variable.getName() + "=" + valueOf(variable, fields));
        }
        for (VolumeMount mount : container.getVolumeMounts()) {
            options.add(optionOf(mount, volume(mount.getName()), folder));
        }
        Quantity memory = container.getResources().getLimits().get("memory");
        options.add("--memory=" + memory.getNumericalAmount().longValueExact());
        options.add("--stop-timeout=" + workload.pod().getTerminationGracePeriodSeconds());
        return options;
    }

    /// Docker's own seccomp profile is the runtime's default.
    private List<String> privileges(SecurityContext context) {
        List<String> options = new ArrayList<>();
        options.add("--user=" + context.getRunAsUser() + ":" + context.getRunAsGroup());
        context.getCapabilities().getDrop().forEach(c -> options.add("--cap-drop=" + c));
        context.getCapabilities().getAdd().forEach(c -> options.add("--cap-add=" + c));
        if (!context.getAllowPrivilegeEscalation()) {
            options.add("--security-opt=no-new-privileges");
        }
        if (context.getReadOnlyRootFilesystem()) {
            options.add("--read-only");
        }
        String profile = workload.pod().getSecurityContext().getSeccompProfile().getType();
        if (!profile.equals("RuntimeDefault")) {
            throw new AssertionError("seccomp profile " + profile);
        }
        return options;
    }

    private static String valueOf(EnvVar variable, Map<String, String> fields) {
        if (variable.getValueFrom() == null) {
            return variable.getValue();
        }
        String path = variable.getValueFrom().getFieldRef().getFieldPath();
        if (!fields.containsKey(path)) {
            throw new AssertionError("no value for the field " + path);
        }
        return fields.get(path);
    }

    private Volume volume(String name) {
        return workload.pod().getVolumes().stream()
                .filter(v -> v.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String optionOf(VolumeMount mount, Volume volume, Path folder) throws IOException {
        if (volume.getEmptyDir() != null) {
            // Kubernetes mounts it without noexec; Docker has to be asked.
            return "--tmpfs=%s:rw,exec,nosuid,nodev,size=%d"
                    .formatted(
                            mount.getMountPath(),
                            volume.getEmptyDir()
                                    .getSizeLimit()
                                    .getNumericalAmount()
                                    .longValueExact());
        }
        var projected = volume.getProjected();
        if (projected.getSources().size() != 1) {
            throw new AssertionError("secrets are not there without a cluster");
        }
        Path file = Files.writeString(folder.resolve("sensor.yaml"), configFile);
        Files.setPosixFilePermissions(
                file, PosixFilePermissions.fromString(permissions(projected.getDefaultMode())));
        Long group = workload.pod().getSecurityContext().getFsGroup();
        if (group != null) {
            Files.setAttribute(file, "unix:gid", group.intValue());
        }
        return "--volume=%s:%s%s"
                .formatted(
                        folder,
                        mount.getMountPath(),
                        Boolean.TRUE.equals(mount.getReadOnly()) ? ":ro" : "");
    }

    private static String permissions(int mode) {
        StringBuilder text = new StringBuilder();
        for (int bit = 8; bit >= 0; bit--) {
            text.append((mode >> bit & 1) == 0 ? '-' : "xwr".charAt(bit % 3));
        }
        return text.toString();
    }
}
