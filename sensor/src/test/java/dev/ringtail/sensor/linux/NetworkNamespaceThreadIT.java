package dev.ringtail.sensor.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.testing.NetworkNamespace;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

@Privileged
class NetworkNamespaceThreadIT {
    private final LibC libc = LibC.load();

    @TempDir private Path folder;

    @Test
    void runsTasksInTheNamespaceAndLeavesTheCallerWhereItIs() throws Exception {
        long before = NetworkNamespaces.currentInode();
        try (NetworkNamespace namespace = NetworkNamespace.create();
                NetworkNamespaceThread thread =
                        NetworkNamespaceThread.start(libc, namespace.name())) {
            namespace.run("ip link add only0 type veth peer name only1");

            assertThat(thread.call(() -> NetworkInterface.byName(libc, "only0").name()))
                    .isEqualTo("only0");
            assertThat(thread.inode()).isEqualTo(inode(namespace)).isNotEqualTo(before);
            assertThat(thread.call(NetworkNamespaces::currentInode)).isEqualTo(thread.inode());
            assertThat(NetworkNamespaces.currentInode()).isEqualTo(before);
        }
    }

    @Test
    void takesAPathAsWell() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.create();
                NetworkNamespaceThread thread =
                        NetworkNamespaceThread.start(libc, namespace.path().toString())) {
            assertThat(thread.inode()).isEqualTo(inode(namespace));
        }
    }

    @Test
    void staysInTheNamespaceAfterATaskThatFails() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.create();
                NetworkNamespaceThread thread =
                        NetworkNamespaceThread.start(libc, namespace.name())) {
            assertThatThrownBy(
                            () ->
                                    thread.call(
                                            () -> {
                                                throw new IOException("the task's own");
                                            }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the task's own");
            assertThatThrownBy(
                            () ->
                                    thread.call(
                                            () -> {
                                                throw new AssertionError("the task's own");
                                            }))
                    .isInstanceOf(AssertionError.class);

            assertThat(thread.call(NetworkNamespaces::currentInode)).isEqualTo(thread.inode());
        }
    }

    @Test
    void endsItsThreadAtTheClose() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.create()) {
            NetworkNamespaceThread thread = NetworkNamespaceThread.start(libc, namespace.name());
            Thread itself = thread.call(Thread::currentThread);

            thread.close();

            assertThat(itself.join(Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void refusesWhatIsNoNamespace() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> NetworkNamespaceThread.start(libc, "no-such-namespace"))
                .isInstanceOf(NoSuchNamespaceException.class)
                .hasMessageStartingWith(
                        "open(network namespace /run/netns/no-such-namespace): ENOENT")
                .hasMessageContaining("ip netns list");
        assertThatThrownBy(() -> NetworkNamespaceThread.start(libc, file.toString()))
                .isInstanceOf(NoSuchNamespaceException.class)
                .hasMessageStartingWith("setns(network namespace " + file + "): EINVAL");
        assertThatThrownBy(() -> NetworkNamespaceThread.start(libc, file + "/below"))
                .isInstanceOf(NoSuchNamespaceException.class);
    }

    @Test
    void namesTheCapabilityThatIsMissing() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.create()) {
            LibC unprivileged = ScriptedLibC.answering("setns", arguments -> -Errno.EPERM.number());

            assertThatThrownBy(() -> NetworkNamespaceThread.start(unprivileged, namespace.name()))
                    .isInstanceOf(MissingCapabilityException.class)
                    .hasMessageContaining("EPERM")
                    .hasMessageContaining("CAP_SYS_ADMIN");
        }
    }

    private static long inode(NetworkNamespace namespace) {
        String path = namespace.path().toString();
        return Long.parseLong(Tools.run("stat", "-L", "-c", "%i", path).orFail().stdout().strip());
    }
}
