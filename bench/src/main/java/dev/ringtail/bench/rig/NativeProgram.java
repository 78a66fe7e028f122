package dev.ringtail.bench.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A program of `bench/src/main/native`, compiled at its first use and again when a source is newer
/// than what was compiled.
public final class NativeProgram {
    private static final Duration COMPILE_LIMIT = Duration.ofMinutes(2);

    /// Where Debian has the sources of Go libraries.
    private static final String GO_LIBRARIES = "/usr/share/gocode";

    private final Home home;
    private final String name;
    private final List<String> compiler;
    private final List<String> libraries;

    private NativeProgram(Home home, String name, List<String> compiler, List<String> libraries) {
        this.home = home;
        this.name = name;
        this.compiler = compiler;
        this.libraries = libraries;
    }

    /// A program in C.
    ///
    /// @param libraries that it is linked with, as `-l` takes them
    public static NativeProgram c(Home home, String name, String... libraries) {
        return new NativeProgram(
                home,
                name,
                List.of("gcc", "-O2", "-o"),
                Stream.of(libraries).map(library -> "-l" + library).toList());
    }

    /// A program in Go, with libraries as Debian packages them.
    public static NativeProgram go(Home home, String name) {
        return new NativeProgram(home, name, List.of("go", "build", "-o"), List.of());
    }

    /// Why it can't be run here; empty once it is compiled.
    public Optional<String> missing() throws InterruptedException {
        if (isCompiled()) {
            return Optional.empty();
        }
        Optional<String> noCompiler = Programs.missing(compiler.getFirst());
        return noCompiler.isPresent() ? noCompiler : compile();
    }

    /// Its command line.
    ///
    /// @throws BenchException where it can't be compiled
    public List<String> command(List<String> arguments) throws InterruptedException {
        Optional<String> missing = missing();
        if (missing.isPresent()) {
            throw new BenchException(name + ": " + missing.get());
        }
        List<String> command = new ArrayList<>(List.of(binary().toString()));
        command.addAll(arguments);
        return List.copyOf(command);
    }

    private Path sources() {
        return home.bench().resolve("src/main/native");
    }

    private Path source() {
        return sources().resolve(name + (compiler.getFirst().equals("go") ? ".go" : ".c"));
    }

    private Path folder() {
        return home.target().resolve("native");
    }

    private Path binary() {
        return folder().resolve(name);
    }

    private boolean isCompiled() {
        try (Stream<Path> files = Files.list(sources())) {
            long newest = files.mapToLong(file -> file.toFile().lastModified()).max().orElse(0);
            return Files.isExecutable(binary()) && binary().toFile().lastModified() >= newest;
        } catch (IOException e) {
            throw new BenchException("The native sources can't be read: " + e.getMessage(), e);
        }
    }

    /// @return why it failed; empty where it did not
    private Optional<String> compile() throws InterruptedException {
        try {
            Files.createDirectories(folder());
        } catch (IOException e) {
            throw new BenchException("No folder for native programs: " + e.getMessage(), e);
        }
        List<String> command = new ArrayList<>(compiler);
        command.add(binary().toString());
        command.add(source().toString());
        command.addAll(libraries);
        Map<String, String> environment = Map.of("GO111MODULE", "off", "GOPATH", GO_LIBRARIES);
        try (Child run = Child.start(folder(), command, environment)) {
            run.awaitSuccess(COMPILE_LIMIT);
            return Optional.empty();
        } catch (BenchException e) {
            return Optional.of(
                    String.valueOf(e.getMessage())
                            .lines()
                            .filter(line -> line.contains("error"))
                            .findFirst()
                            .orElse(String.valueOf(e.getMessage())));
        }
    }
}
