package dev.ringtail.demo.container;

import dev.ringtail.testing.Tools;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The images of this build: made by the Dockerfile from the jars that lie there, under a tag of
/// this test run's own, which is gone when the run ends.
public final class Images {
    /// Where Dockerfile and docker-compose.yml are.
    static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    private static final String TAG = "it-" + ProcessHandle.current().pid();
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final List<String> BUILT = new ArrayList<>();

    private Images() {}

    /// The tag of all that [#named] makes.
    static String tag() {
        return TAG;
    }

    /// The name of an image, which is built at the first call.
    ///
    /// @param target stage of the Dockerfile
    public static synchronized String named(String target) {
        String name = "ringtail/" + target + ":" + TAG;
        if (!BUILT.contains(name)) {
            Tools.run(
                            PATIENCE,
                            List.of(
                                    "docker",
                                    "build",
                                    "--target=" + target,
                                    "--build-arg=JARS=prebuilt",
                                    "--tag=" + name,
                                    PROJECT.toString()))
                    .orFail();
            if (BUILT.isEmpty()) {
                Runtime.getRuntime().addShutdownHook(new Thread(Images::delete));
            }
            BUILT.add(name);
        }
        return name;
    }

    private static void delete() {
        List<String> command = new ArrayList<>(List.of("docker", "image", "rm", "--force"));
        command.addAll(BUILT);
        Tools.run(command);
    }
}
