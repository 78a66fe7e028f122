package dev.ringtail.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.testing.Page;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Stream;

/// Types every command of the README, the tutorial and the how-tos, page by page, as a reader
/// would. What can't be run here is left out with a reason, or left to another test; a command of
/// which neither is said fails the test, as does one that is named here and no longer on its page.
@Privileged
@RequiresTool({"script", "python3", "curl", "tshark", "capinfos", "setpriv", "unshare"})
class PageCommandsIT {
    /// What a reader of a page does.
    interface Reader {
        void read(Walkthrough page, Machine machine) throws Exception;
    }

    private static final String CLUSTER = "there is no Kubernetes cluster here";

    private static final Map<String, Reader> READERS =
            Map.ofEntries(
                    Map.entry("README.md", FirstSteps::readme),
                    Map.entry("docs/tutorial.md", FirstSteps::tutorial),
                    Map.entry("docs/how-to/capture-a-pod.md", HowTos::captureAPod),
                    Map.entry("docs/how-to/capture-without-root.md", HowTos::captureWithoutRoot),
                    Map.entry("docs/how-to/change-filters-live.md", HowTos::changeFiltersLive),
                    Map.entry("docs/how-to/monitor.md", HowTos::monitor),
                    Map.entry("docs/how-to/pin-lanes.md", HowTos::pinLanes),
                    Map.entry("docs/how-to/read-the-topics.md", HowTos::readTheTopics),
                    Map.entry("docs/how-to/record-to-files.md", HowTos::recordToFiles),
                    Map.entry("docs/how-to/replay-and-forward.md", HowTos::replayAndForward),
                    Map.entry("docs/how-to/run-in-containers.md", PageCommandsIT::containers),
                    Map.entry("docs/how-to/run-on-kubernetes.md", PageCommandsIT::kubernetes),
                    Map.entry(
                            "docs/how-to/scale-analysis.md",
                            (page, machine) -> {
                                page.leaveTo(
                                        "ParallelExportIT",
                                        "for hour in",
                                        "mergecap",
                                        "for sensor in");
                                page.leaveRestTo("FlowsScaleOutIT");
                            }),
                    Map.entry(
                            "docs/how-to/keep-packets-longer.md",
                            (page, machine) -> page.leaveRestTo("RetentionIT")),
                    Map.entry(
                            "docs/how-to/secure-kafka.md",
                            (page, machine) -> page.leaveRestTo("SecureKafkaIT")),
                    Map.entry(
                            "docs/how-to/use-a-schema-registry.md",
                            (page, machine) -> page.leaveRestTo("RegistryIT")));

    @TempDir Path folder;

    static Stream<Page> pages() {
        return Page.all().stream().filter(page -> !page.commands().isEmpty());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void everyCommandDoesWhatItsPageSays(Page page) throws Exception {
        Reader reader = READERS.get(page.name());
        assertThat(reader).as("what a reader of %s does, in READERS", page).isNotNull();
        Walkthrough walkthrough = new Walkthrough(page, folder);
        try (Machine machine = new Machine(folder.resolve("machine"))) {
            reader.read(walkthrough, machine);
        }
        walkthrough.finish();
    }

    @Test
    void everyReaderHasAPage() {
        Collection<String> pages = pages().map(Page::name).toList();
        assertThat(pages).containsAll(READERS.keySet());
    }

    private static void containers(Walkthrough page, Machine machine) throws Exception {
        page.leaveTo(
                "ComposeIT",
                "docker compose up",
                "docker compose logs",
                "docker compose run --rm export",
                "tshark -r captures/capture.pcapng",
                "docker compose run --rm verify",
                "docker compose down");
        page.leaveOut("it is the build that this test is a part of", "mvn -B -DskipTests package");
        page.leaveRestTo("ImageIT");
    }

    private static void kubernetes(Walkthrough page, Machine machine) throws Exception {
        page.leaveTo(
                "HowToTest",
                "docker build --target sensor",
                "docker build --target consumers",
                "tr -d '\\r\\n' <password.txt");
        page.leaveOut(
                "it needs a registry to push to",
                "docker push registry.example.net/ringtail/sensor");
        page.leaveOut(
                "it needs a registry to push to",
                "docker push registry.example.net/ringtail/consumers");
        page.leaveOut(
                CLUSTER,
                "kubectl create namespace",
                "kubectl label namespace",
                "helm install",
                "kubectl -n capture rollout status",
                "helm -n capture test",
                "kubectl label node",
                "helm upgrade",
                "helm uninstall");
    }
}
