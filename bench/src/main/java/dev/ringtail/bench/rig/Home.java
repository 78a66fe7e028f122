package dev.ringtail.bench.rig;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The checkout that this bench was built in: what is measured are the commands of its launcher.
public final class Home {
    private static final String LAUNCHER = "ringtail";
    private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
    private static final Pattern VERSION = Pattern.compile("<version>(.*)</version>");

    /// What the launcher gives the JVM of `ringtail sensor`.
    public static final List<String> SENSOR_JVM =
            Stream.concat(
                            hugePages(),
                            Stream.of(
                                    "-Xmx192m",
                                    "-XX:InitialRAMPercentage=100",
                                    "-XX:NewRatio=5",
                                    "-XX:+UseSerialGC",
                                    "-XX:+ExitOnOutOfMemoryError",
                                    "-XX:InlineSmallCode=8000",
                                    "-XX:CompileCommand=quiet",
                                    "-XX:CompileCommand=MaxNodeLimit,org.apache.kafka.c*::*,1"))
                    .toList();

    /// What the launcher gives the JVM of `ringtail kafka`.
    public static final List<String> KAFKA_JVM =
            List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");

    /// What the launcher gives the JVM of `ringtail export`, `flows` and `verify`.
    public static final List<String> READER_JVM =
            List.of(
                    "-Xmx512m",
                    "-XX:InitialRAMPercentage=100",
                    "-XX:NewRatio=1",
                    "-XX:+UseSerialGC",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-XX:Tier4InvocationThreshold=20000",
                    "-XX:Tier4MinInvocationThreshold=2400",
                    "-XX:Tier4CompileThreshold=60000",
                    "-XX:Tier4BackEdgeThreshold=160000",
                    "-XX:CompileCommand=quiet",
                    "-XX:CompileCommand=MaxNodeLimit,org.apache.kafka.c*::*,1");

    /// The variable whose words the launcher hands to the JVM.
    static final String LAUNCHER_JVM_FLAGS = "JAVA_OPTS";

    /// Process ids are those of the run's own namespace, and by them the JVMs of two runs would get
    /// at the same file of performance counters, and say so on standard output.
    static final String NO_COUNTERS_FILE = "-XX:-UsePerfData";

    private final Path root;

    private Home(Path root) {
        this.root = root;
    }

    /// The folder above this class that has the launcher.
    ///
    /// @throws BenchException if there is none
    public static Home find() {
        Path start = codeSource();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isExecutable(folder.resolve(LAUNCHER))
                    && Files.exists(folder.resolve("pom.xml"))) {
                return new Home(folder);
            }
        }
        throw new BenchException(
                "No launcher above "
                        + start
                        + "; run the bench in a checkout, by ./ringtail bench");
    }

    private static Stream<String> hugePages() {
        try {
            String modes = Files.readString(HUGE_PAGES);
            return modes.contains("[always]") || modes.contains("[madvise]")
                    ? Stream.of("-XX:+UseTransparentHugePages")
                    : Stream.empty();
        } catch (IOException e) {
            return Stream.empty(); // a kernel without them
        }
    }

    private static Path codeSource() {
        try {
            return Path.of(Home.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new BenchException("This class was loaded from no file", e);
        }
    }

    /// The folder of this module.
    public Path bench() {
        return root.resolve("bench");
    }

    /// Where this module puts what it makes.
    public Path target() {
        return bench().resolve("target");
    }

    /// The launcher.
    public Path launcher() {
        return root.resolve(LAUNCHER);
    }

    /// Whether the launcher lets a module's commands start from an AOT cache: where there is one
    /// that is newer than the module's jar.
    ///
    /// @param module its folder
    public boolean hasAotCache(String module) {
        Path target = root.resolve(module, "target");
        Path cache = target.resolve(module + ".aot");
        try {
            Path jar = target.resolve(module + "-" + version() + ".jar");
            return Files.exists(cache)
                    && Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(jar))
                            > 0;
        } catch (IOException e) {
            throw new BenchException(
                    "The jar of " + module + " can't be found: " + e.getMessage(), e);
        }
    }

    /// The first in the root's `pom.xml`, which is where the launcher has it from.
    private String version() throws IOException {
        Matcher version = VERSION.matcher(Files.readString(root.resolve("pom.xml")));
        if (!version.find()) {
            throw new BenchException("No version in the pom.xml of " + root);
        }
        return version.group(1);
    }

    /// A command of the launcher.
    public List<String> ringtail(String... arguments) {
        List<String> command = new ArrayList<>(List.of(launcher().toString()));
        command.addAll(List.of(arguments));
        return List.copyOf(command);
    }

    /// A program of this module in a JVM of its own, the same Java as this one.
    ///
    /// @param jvmFlags heap and collector
    public static List<String> java(List<String> jvmFlags, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmFlags);
        command.add(NO_COUNTERS_FILE);
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName()));
        command.addAll(List.of(arguments));
        return List.copyOf(command);
    }
}
