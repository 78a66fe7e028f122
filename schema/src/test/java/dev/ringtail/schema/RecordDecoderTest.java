package dev.ringtail.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

class RecordDecoderTest {
    private final RecordDecoder<SensorReport> decoder =
            SingleObject.decoder(SensorReport.class, SchemaLookup.NONE);

    @Test
    void encodesWhatAvrosMessageDecoderReads() throws IOException {
        byte[] value = SingleObject.encode(report());

        SensorReport read =
                new BinaryMessageDecoder<SensorReport>(
                                SpecificData.get(), SensorReport.getClassSchema())
                        .decode(value);

        assertThat(read).isEqualTo(report());
        assertThat(decoder.decode(value)).isEqualTo(report());
    }

    @Test
    void refusesEveryTruncation() {
        byte[] value = SingleObject.encode(report());
        for (int length = 0; length < value.length; length++) {
            byte[] truncated = Arrays.copyOf(value, length);
            assertThatThrownBy(() -> decoder.decode(truncated))
                    .isInstanceOf(BatchFormatException.class);
        }
    }

    @Test
    void survivesAnyCorruption() {
        long seed = 4;
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] value = SingleObject.encode(report());
            value[random.nextInt(value.length)] = (byte) random.nextInt();
            value[random.nextInt(value.length)] = (byte) random.nextInt();
            try {
                decoder.decode(value);
            } catch (BatchFormatException e) {
                assertThat(e.byteOffset()).as("seed %d", seed).isBetween(0L, (long) value.length);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(2_000);
    }

    @Test
    void writesFingerprintsAsSixteenDigits() {
        assertThat(SingleObject.fingerprintText(0xabcL)).isEqualTo("0000000000000abc");
        assertThat(SingleObject.fingerprintText(-1)).isEqualTo("ffffffffffffffff");
    }

    private static SensorReport report() {
        return SensorReport.newBuilder()
                .setSensorId("s")
                .setSessionId("t")
                .setStartTimeNs(1)
                .setReportTimeNs(2)
                .setFinal$(true)
                .setPartitionCount(16)
                .setLanes(List.of())
                .setStreams(
                        List.of(new StreamReport(0, 1, 10L, 9L), new StreamReport(1, 2, 300L, 3L)))
                .setInterfaces(List.of(new InterfaceReport("eth0", 1L, 2L, 3L, 4L)))
                .setCaptures(List.of())
                .setLateRuns(List.of(new LateRun(0, 1L, 2L, 3L, 4L)))
                .setGaps(List.of(new GapReport("lo", 5L, 6L, "it was down")))
                .build();
    }
}
