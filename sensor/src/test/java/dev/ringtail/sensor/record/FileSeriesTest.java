package dev.ringtail.sensor.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.sensor.config.ByteSize;
import dev.ringtail.sensor.config.RecordConfig;
import dev.ringtail.sensor.config.TimeSpan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;

class FileSeriesTest {
    /// 2026-11-21 11:30 in Berlin.
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-21T10:30:00Z"), ZoneId.of("Europe/Berlin"));

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "trace.pcapng,trace_00001_20261121113000.pcapng",
        "trace,trace_00001_20261121113000",
        "eth0.2.pcapng,eth0.2_00001_20261121113000.pcapng",
        ".trace,.trace_00001_20261121113000"
    })
    void namesFilesAsDumpcapDoes(String name, String first) throws IOException {
        series(name, 0).next().close();

        assertThat(names()).containsExactly(first);
    }

    @Test
    void keepsTheNameWhereThereIsOneFile() throws IOException {
        new FileSeries(config("trace.pcapng", "0B", 0), CLOCK).next().close();

        assertThat(names()).containsExactly("trace.pcapng");
    }

    @Test
    void deletesItsOldestFileAndNobodyElses() throws IOException {
        Files.createFile(folder.resolve("trace_00001_20200101000000.pcapng"));
        FileSeries series = series("trace.pcapng", 2);
        for (int i = 0; i < 4; i++) {
            series.next().close();
        }

        assertThat(names())
                .containsExactly(
                        "trace_00001_20200101000000.pcapng",
                        "trace_00003_20261121113000.pcapng",
                        "trace_00004_20261121113000.pcapng");
    }

    private FileSeries series(String name, int keepFiles) {
        return new FileSeries(config(name, "1MiB", keepFiles), CLOCK);
    }

    private RecordConfig config(String name, String size, int keepFiles) {
        return new RecordConfig(
                folder.resolve(name).toString(),
                ByteSize.parse(size),
                TimeSpan.ofMillis(0),
                keepFiles);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
