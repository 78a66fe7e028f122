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

/// Types the commands of the READMEs and of all pages, page by page, as a reader would. What can't
/// be run here is left out with a reason, or left to another test that reads the page; a command of
/// which neither is said fails the test, as does one that is named here and no longer on its page.
@Privileged
@RequiresTool({
    "script",
    "python3",
    "curl",
    "tshark",
    "capinfos",
    "setpriv",
    "unshare",
    "kcat",
    "lsns"
})
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
                    Map.entry("docs/how-to/scale-analysis.md", HowTos::scaleAnalysis),
                    Map.entry(
                            "docs/how-to/keep-packets-longer.md",
                            PageCommandsIT::keepPacketsLonger),
                    Map.entry("docs/how-to/secure-kafka.md", PageCommandsIT::secureKafka),
                    Map.entry("docs/how-to/use-a-schema-registry.md", PageCommandsIT::registry),
                    Map.entry("docs/concepts/performance.md", PageCommandsIT::performance),
                    Map.entry("docs/reference/commands.md", PageCommandsIT::generated),
                    Map.entry("docs/reference/metrics.md", PageCommandsIT::generated),
                    Map.entry("docs/reference/own-traffic.md", HowTos::ownTraffic),
                    Map.entry("helm/ringtail/README.md", PageCommandsIT::chart));

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
        page.leaveOut(
                "ComposeIT does the same with ports, names and a folder of its own",
                "docker compose up",
                "docker compose logs",
                "docker compose run --rm export",
                "tshark -r captures/capture.pcapng",
                "docker compose run --rm verify",
                "docker compose down");
        page.leaveOut("it is the build that this test is a part of", "mvn -B -DskipTests package");
        page.leaveOut(
                "ImageIT builds and runs the same targets, of prebuilt jars, by names of its own",
                "docker build --target sensor -t",
                "docker build --target sensor-nonroot",
                "docker build --target consumers",
                "docker build --build-arg JARS=prebuilt",
                "docker run -d");
        page.leaveOut("it needs a registry to pull from", "docker build --build-arg JDK_IMAGE=");
    }

    private static void keepPacketsLonger(Walkthrough page, Machine machine) throws Exception {
        page.leaveTo(
                "RetentionIT",
                "kafka-configs.sh --bootstrap-server kafka:9092 --alter --entity-type topics"
                        + " --entity-name capture.packets --add-config retention.ms=",
                "kafka-topics.sh --bootstrap-server kafka:9092 --create",
                "kafka-configs.sh --bootstrap-server kafka:9092 --alter --entity-type topics"
                        + " --entity-name capture.packets --add-config remote.storage.enable=");
    }

    private static void secureKafka(Walkthrough page, Machine machine) throws Exception {
        page.leaveOut("SecureKafka puts an address and a file of its own in its place", "ADMIN=");
        page.leaveSectionTo("SecureKafkaIT", "Make the topics");
        page.leaveSectionTo("SecureKafkaIT", "Allow the least");
        page.leaveSectionTo("SecureCaptureIT", "Let the sensor check the topics");
        page.leaveSectionTo("SecureCaptureIT", "Let the sensor make the topics");
    }

    private static void registry(Walkthrough page, Machine machine) throws Exception {
        page.leaveOut(
                "RegistryIT does the same with a registry's server and properties of its own",
                "./ringtail import",
                "./ringtail export",
                "./ringtail flows");
    }

    private static void performance(Walkthrough page, Machine machine) throws Exception {
        page.leaveOut("it takes all processors for half an hour", "sudo ./ringtail bench");
    }

    private static void generated(Walkthrough page, Machine machine) throws Exception {
        page.leaveOut("it writes the page", "mvn -B");
    }

    private static void chart(Walkthrough page, Machine machine) throws Exception {
        page.leaveOut(CLUSTER, "helm install", "kubectl rollout restart");
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
