package dev.ringtail.helm;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The chart, or a copy of it.
///
/// @param folder where its `Chart.yaml` is
record Chart(Path folder) {
    /// A release that is rendered is called so, in a namespace of that name.
    static final String RELEASE = "rt";

    static final String NAMESPACE = "capture";

    /// helm-java renders for a Kubernetes of 2019 unless it is told otherwise.
    private static final String KUBERNETES = "1.31.0";

    private static final String TEST_HOOK = "helm.sh/hook: test";

    /// The chart as it is in the repository.
    static Chart ofRepository() {
        return new Chart(Path.of("ringtail").toAbsolutePath());
    }

    /// A copy whose chart tests are objects like all others: Helm does not show hooks with the
    /// rest.
    static Chart withTests(Path emptyFolder) {
        Path source = ofRepository().folder();
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = emptyFolder.resolve(source.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
            Path test = emptyFolder.resolve("templates/tests/audit.yaml");
            String template = Files.readString(test);
            if (!template.contains(TEST_HOOK)) {
                throw new AssertionError(test + " is no test hook");
            }
            Files.writeString(test, template.replace(TEST_HOOK, "hook: none"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Chart(emptyFolder);
    }

    /// Value files that `ct` (chart-testing) takes as well.
    static List<Path> valueFiles() {
        return filesOf(Path.of("ringtail", "ci"));
    }

    /// The files of a folder, by name.
    static List<Path> filesOf(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A value file of `ringtail/ci`, by the beginning of its name.
    static Path values(String name) {
        return Path.of("ringtail", "ci", name + "-values.yaml");
    }

    /// What `helm template` makes of the chart.
    ///
    /// @param values value files, the later ones over the earlier ones
    /// @throws IllegalStateException with Helm's message where it refuses
    Manifests render(Path... values) {
        return Manifests.parse(text(values));
    }

    /// The same as text.
    String text(Path... values) {
        TemplateCommand template =
                new Helm(folder)
                        .template()
                        .withName(RELEASE)
                        .withNamespace(NAMESPACE)
                        .withKubeVersion(KUBERNETES);
        for (Path file : values) {
            template.withValuesFile(file.toAbsolutePath());
        }
        return template.call();
    }
}
