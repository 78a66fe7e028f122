import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Runs google-java-format over every Java source of the project.
///
/// Arguments: the project's folder, then the formatter's mode: `--set-exit-if-changed` (check) or `--replace` (mend).
/// A file out of format is named on standard output and fails the check.
public final class FormatSources {
    private FormatSources() {}

    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        List<String> formatterArgs = new ArrayList<>(List.of("--aosp", args[1]));
        if (args[1].equals("--set-exit-if-changed")) {
            formatterArgs.add("--dry-run");
        }
        int options = formatterArgs.size();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.filter(m -> Files.exists(m.resolve("pom.xml"))).toList()) {
                addSources(module.resolve("src"), formatterArgs);
            }
        }
        if (formatterArgs.size() > options) {
            Main.main(formatterArgs.toArray(String[]::new));
        }
    }

    private static void addSources(Path folder, List<String> into) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.map(Path::toString).filter(f -> f.endsWith(".java")).sorted().forEach(into::add);
        }
    }
}
