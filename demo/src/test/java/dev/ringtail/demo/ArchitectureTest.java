package dev.ringtail.demo;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.Stream;

/// The walls between modules and packages, over the class files of everything that the demo is made
/// of. What is allowed is listed; everything else is refused.
class ArchitectureTest {
    private static final String[] LANGUAGE = {"java..", "org.jspecify.."};

    private static final JavaClasses RINGTAIL =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .withImportOption(location -> !location.contains("-tests.jar"))
                    .importPackages("dev.ringtail");

    /// A module and the packages that it may use, beside its own and the language's.
    record Module(String name, List<String> mayUse) {
        Module(String name, String... mayUse) {
            this(name, List.of(mayUse));
        }

        String packages() {
            return "dev.ringtail." + name + "..";
        }

        String[] allowed() {
            return Stream.of(Stream.of(packages()), Stream.of(LANGUAGE), mayUse.stream())
                    .flatMap(s -> s)
                    .toArray(String[]::new);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Module> modules() {
        return List.of(
                new Module("schema", "org.apache.avro.."),
                new Module(
                        "registry",
                        "dev.ringtail.schema..",
                        "javax.net.ssl..",
                        "org.apache.avro..",
                        "org.apache.kafka.common..",
                        "com.fasterxml.jackson..",
                        "org.slf4j.."),
                new Module("pcap", "com.github.luben.zstd.."),
                new Module(
                        "management", "com.sun.net.httpserver..", "io.micrometer..", "org.slf4j.."),
                new Module("cli", "org.apache.kafka.common..", "picocli.."),
                new Module("localkafka", "kafka..", "org.apache.kafka..", "scala.."),
                new Module(
                        "sensor",
                        "dev.ringtail.schema..",
                        "dev.ringtail.registry..",
                        "dev.ringtail.pcap..",
                        "dev.ringtail.management..",
                        "dev.ringtail.cli..",
                        "org.apache.avro..",
                        "org.apache.kafka.clients..",
                        "org.apache.kafka.common..",
                        "com.fasterxml.jackson..",
                        "org.slf4j..",
                        "picocli..",
                        "sun.nio.ch.."),
                new Module(
                        "consumer",
                        "dev.ringtail.schema..",
                        "dev.ringtail.registry..",
                        "dev.ringtail.pcap..",
                        "dev.ringtail.management..",
                        "dev.ringtail.cli..",
                        "org.apache.avro..",
                        "org.apache.kafka.clients..",
                        "org.apache.kafka.common..",
                        "org.apache.kafka.streams..",
                        "com.fasterxml.jackson..",
                        "org.slf4j..",
                        "picocli.."),
                new Module(
                        "demo",
                        "dev.ringtail..",
                        "com.sun.net.httpserver..",
                        "org.apache.avro..",
                        "org.apache.kafka.clients..",
                        "org.apache.kafka.common..",
                        "org.slf4j..",
                        "picocli.."));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void moduleUsesOnlyWhatItMay(Module module) {
        classes()
                .that()
                .resideInAPackage(module.packages())
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(module.allowed())
                .check(RINGTAIL);
    }

    @Test
    void foreignFunctionsAreLinkedInTwoPackagesOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.ringtail.sensor.linux..", "dev.ringtail.pcap.libpcap..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(RINGTAIL);
    }

    @Test
    void foreignFunctionRuleSeesTheClassesThatLink() {
        List<String> linking =
                RINGTAIL.stream()
                        .filter(
                                c ->
                                        c.getDirectDependenciesFromSelf().stream()
                                                .anyMatch(
                                                        d ->
                                                                d.getTargetClass()
                                                                        .getName()
                                                                        .equals(
                                                                                "java.lang.foreign.Linker")))
                        .map(c -> c.getPackageName())
                        .distinct()
                        .toList();
        assertThat(linking)
                .containsExactlyInAnyOrder(
                        "dev.ringtail.sensor.linux", "dev.ringtail.pcap.libpcap");
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux", "ring", "lane", "capture", "delivery", "record", "transmit"})
    void captureNeverSeesKafka(String capturePackage) {
        noClasses()
                .that()
                .resideInAPackage("dev.ringtail.sensor." + capturePackage + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "dev.ringtail.sensor.publish..")
                .check(RINGTAIL);
    }

    @Test
    void publisherNeverSeesARing() {
        noClasses()
                .that()
                .resideInAPackage("dev.ringtail.sensor.publish..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.ringtail.sensor.ring..", "dev.ringtail.sensor.linux..")
                .check(RINGTAIL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"schema", "pcap", "management", "cli", "sensor", "consumer", "demo"})
    void packagesOfAModuleHaveNoCycles(String module) {
        slices().matching("dev.ringtail." + module + ".(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(RINGTAIL);
    }

    @Test
    void modulesHaveNoCycles() {
        slices().matching("dev.ringtail.(*)..").should().beFreeOfCycles().check(RINGTAIL);
    }
}
