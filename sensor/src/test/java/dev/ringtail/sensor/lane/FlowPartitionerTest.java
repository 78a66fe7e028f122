package dev.ringtail.sensor.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.pcap.frame.FrameParser;
import dev.ringtail.schema.FlowHash;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/// From frame to partition, against the schema's vectors, which another implementation made.
class FlowPartitionerTest {
    static List<String> vectors() throws IOException {
        try (InputStream csv =
                Objects.requireNonNull(
                        FlowHash.class.getResourceAsStream("partition-vectors.csv"))) {
            return new String(csv.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .skip(1)
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void choosesThePartitionOfTheVector(String vector) {
        String[] fields = vector.split(",", -1);
        int linkType = Integer.parseInt(fields[1]);
        byte[] frame = HexFormat.of().parseHex(fields[2]);
        FrameParser parser = new FrameParser();
        parser.parse(MemorySegment.ofArray(frame), 0, frame.length, linkType);

        assertThat(FlowPartitioner.partition(parser, linkType, 16))
                .isEqualTo(Integer.parseInt(fields[5]));
        assertThat(FlowPartitioner.partition(parser, linkType, Integer.MAX_VALUE))
                .isEqualTo(
                        FlowHash.partition((int) Long.parseLong(fields[4], 16), Integer.MAX_VALUE));
    }
}
