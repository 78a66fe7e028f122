package dev.ringtail.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Oracle: Avro's own encoders and decoder.
class PacketBatchReaderTest {
    private static final Schema SCHEMA = PacketBatch.getClassSchema();

    @Test
    void readsRandomBatchesLikeAvro() throws IOException {
        long seed = 20261121;
        Random random = new Random(seed);
        PacketBatchReader reader = new PacketBatchReader();
        for (int i = 0; i < 300; i++) {
            byte[] value = SingleObject.encode(RandomBatches.next(random));
            reader.wrap(value);
            reader.check();
            assertThat(toBatch(reader)).as("seed %d, batch %d", seed, i).isEqualTo(decode(value));
        }
    }

    @Test
    void readsEveryLegalBlocking() throws IOException {
        long seed = 5;
        Random random = new Random(seed);
        PacketBatchReader reader = new PacketBatchReader();
        for (int blockLength : new int[] {64, 100, 1000, 100_000}) {
            PacketBatch batch = RandomBatches.next(random);
            reader.wrap(RandomBatches.encodeInBlocks(batch, blockLength));
            reader.check();
            assertThat(reader.packetCount()).isEqualTo(batch.getPackets().size());
            assertThat(toBatch(reader)).as("seed %d", seed).isEqualTo(batch);
        }
    }

    @Test
    void readsAPartOfAnArrayAndABuffer() {
        byte[] value = SingleObject.encode(RandomBatches.next(new Random(3)));
        byte[] within = new byte[value.length + 30];
        System.arraycopy(value, 0, within, 17, value.length);
        PacketBatchReader whole = new PacketBatchReader();
        whole.wrap(value);
        PacketBatch expected = toBatch(whole);

        PacketBatchReader part = new PacketBatchReader();
        part.wrap(within, 17, value.length);
        assertThat(toBatch(part)).isEqualTo(expected);
        part.wrap(ByteBuffer.wrap(within, 17, value.length));
        assertThat(toBatch(part)).isEqualTo(expected);
        part.wrap(ByteBuffer.wrap(value).asReadOnlyBuffer());
        assertThat(toBatch(part)).isEqualTo(expected);
    }

    @Test
    void refusesEveryTruncation() {
        byte[] value = SingleObject.encode(small());
        PacketBatchReader reader = new PacketBatchReader();
        for (int length = 0; length < value.length; length++) {
            byte[] truncated = Arrays.copyOf(value, length);
            assertThatThrownBy(
                            () -> {
                                reader.wrap(truncated);
                                reader.check();
                            })
                    .as("cut to %d of %d bytes", length, value.length)
                    .isInstanceOf(BatchFormatException.class);
        }
        assertThatThrownBy(() -> reader.wrap(Arrays.copyOf(value, value.length + 1)))
                .isInstanceOf(BatchFormatException.class)
                .hasMessageContaining("1 bytes follow the batch");
    }

    @Test
    void survivesAnyCorruption() {
        long seed = 99;
        Random random = new Random(seed);
        PacketBatchReader reader = new PacketBatchReader();
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] value = SingleObject.encode(small());
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                // The header names the schema; behind it lies what is parsed.
                int at = SingleObject.HEADER_LENGTH + random.nextInt(value.length - 10);
                value[at] = (byte) random.nextInt();
            }
            try {
                reader.wrap(value);
                while (reader.next()) {
                    assertThat(reader.dataOffset() + reader.dataLength())
                            .isLessThanOrEqualTo(value.length);
                }
                reader.check();
            } catch (BatchFormatException e) {
                assertThat(e.byteOffset()).as("seed %d", seed).isBetween(0L, (long) value.length);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(2_000);
    }

    @Test
    void namesWhatIsWrong() {
        PacketBatchReader reader = new PacketBatchReader();
        assertThatThrownBy(() -> reader.wrap(new byte[] {1, 2, 3}))
                .hasMessageContaining("3 bytes is too short");
        assertThatThrownBy(() -> reader.wrap(new byte[] {7, 1, 0, 0, 0, 0, 0, 0, 0, 0}))
                .hasMessageContaining(
                        "begins with 0701 where single-object encoding has c301 and Confluent's"
                                + " format 00");
        assertThatThrownBy(() -> reader.wrap(new byte[4]))
                .hasMessageContaining("4 bytes is too short for a header with a schema id");
        assertThatThrownBy(() -> reader.wrap(ConfluentFormat.header(258)))
                .hasMessageContaining("unknown schema id 258");
        byte[] unknown = SingleObject.encode(small());
        unknown[2] ^= 1;
        assertThatThrownBy(() -> reader.wrap(unknown)).hasMessageContaining("unknown schema");
    }

    @Test
    void refusesBatchesThatBreakTheSchemasPromises() {
        PacketBatchReader reader = new PacketBatchReader();
        PacketBatch standing = small();
        standing.getPackets().get(1).setLaneNumberDelta(0);
        reader.wrap(SingleObject.encode(standing));
        assertThatThrownBy(reader::check).hasMessageContaining("lane number 7 comes after 7");

        PacketBatch outside = small();
        outside.setMaxTimestampNs(outside.getBaseTimestampNs());
        reader.wrap(SingleObject.encode(outside));
        assertThatThrownBy(reader::check).hasMessageContaining("not within the batch's bounds");

        PacketBatch unnumbered = small();
        unnumbered.setFirstPacketNumber(0);
        assertThatThrownBy(() -> reader.wrap(SingleObject.encode(unnumbered)))
                .hasMessageContaining("firstPacketNumber is 0, less than 1");
    }

    @Test
    void resolvesAnotherVersion() throws IOException {
        Schema newer = newerVersion();
        byte[] value = encodeAsNewer(newer, small());
        PacketBatchReader reader =
                new PacketBatchReader(
                        fingerprint ->
                                fingerprint == SingleObject.fingerprint(newer) ? newer : null);

        reader.wrap(value);
        reader.check();

        PacketBatch expected = small();
        // A type that this version does not know is UNKNOWN.
        expected.getPackets().get(0).setPacketType(PacketType.UNKNOWN);
        assertThat(toBatch(reader)).isEqualTo(expected);
    }

    @Test
    void readsBothFormatsAndOldAndNewVersionsInAnyOrder() throws IOException {
        Schema newer = newerVersion();
        List<Integer> asked = new ArrayList<>();
        PacketBatchReader reader =
                new PacketBatchReader(
                        new SchemaLookup() {
                            @Override
                            public @Nullable Schema find(long fingerprint) {
                                return null;
                            }

                            @Override
                            public @Nullable Schema findRegistered(int schemaId) {
                                asked.add(schemaId);
                                return schemaId == 70_000 ? SCHEMA : schemaId == 9 ? newer : null;
                            }
                        });
        PacketBatch fromNewer = small();
        fromNewer.getPackets().get(0).setPacketType(PacketType.UNKNOWN);
        byte[] plain = SingleObject.encode(small());
        for (int i = 0; i < 2; i++) {
            assertThat(read(reader, registered(70_000, plain))).isEqualTo(small());
            assertThat(read(reader, plain)).isEqualTo(small());
            assertThat(read(reader, registered(9, encodeAsNewer(newer, small()))))
                    .isEqualTo(fromNewer);
        }

        assertThat(asked).as("each use of an id asks once").containsExactly(70_000, 9, 9);
        assertThatThrownBy(() -> reader.wrap(registered(8, plain)))
                .hasMessageContaining("unknown schema id 8");
        assertThatThrownBy(() -> reader.wrap(Arrays.copyOf(registered(70_000, plain), 40)))
                .isInstanceOf(BatchFormatException.class);
    }

    private static PacketBatch read(PacketBatchReader reader, byte[] value) {
        reader.wrap(value);
        reader.check();
        return toBatch(reader);
    }

    /// A value in Confluent's format instead of single-object encoding.
    private static byte[] registered(int schemaId, byte[] value) {
        return ByteBuffer.allocate(value.length - 5)
                .put((byte) 0)
                .putInt(schemaId)
                .put(value, 10, value.length - 10)
                .array();
    }

    /// The newest schema as a later one might be: with a field and an enum symbol more.
    private static Schema newerVersion() {
        String json =
                SCHEMA.toString()
                        .replace("\"OUTGOING\",", "\"OUTGOING\",\"FASTROUTE\",")
                        .replace(
                                "{\"name\":\"packets\"",
                                "{\"name\":\"added\",\"type\":\"double\",\"default\":1.5},"
                                        + "{\"name\":\"packets\"");
        return new Schema.Parser().parse(json);
    }

    private static byte[] encodeAsNewer(Schema newer, PacketBatch batch) throws IOException {
        GenericRecord record = new GenericData.Record(newer);
        SCHEMA.getFields().forEach(f -> record.put(f.name(), batch.get(f.pos())));
        record.put("added", 2.5);
        Schema packetSchema = newer.getField("packets").schema().getElementType();
        Schema typeSchema = packetSchema.getField("packetType").schema();
        List<GenericRecord> packets = new ArrayList<>();
        for (Packet packet : batch.getPackets()) {
            GenericRecord copy = new GenericData.Record(packetSchema);
            packet.getSchema().getFields().forEach(f -> copy.put(f.name(), packet.get(f.pos())));
            String symbol = packets.isEmpty() ? "FASTROUTE" : packet.getPacketType().name();
            copy.put("packetType", new GenericData.EnumSymbol(typeSchema, symbol));
            packets.add(copy);
        }
        record.put("packets", packets);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(SingleObject.header(newer));
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(newer).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static PacketBatch small() {
        List<Packet> packets = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            packets.add(
                    Packet.newBuilder()
                            .setLaneNumberDelta(i == 0 ? 0 : 2)
                            .setTimestampOffsetNs(i * 10L)
                            .setOriginalLength(60)
                            .setPacketType(PacketType.HOST)
                            .setFlags(PacketFlags.CHECKSUM_VALID)
                            .setData(ByteBuffer.wrap(new byte[] {1, 2, 3, (byte) i}))
                            .build());
        }
        return PacketBatch.newBuilder()
                .setSensorId("s")
                .setSessionId("t")
                .setCaptureId(1)
                .setInterfaceName("eth0")
                .setLinkType(1)
                .setSnapLength(262_144)
                .setLane(0)
                .setPartition(3)
                .setFirstPacketNumber(5)
                .setFirstLaneNumber(7)
                .setBaseTimestampNs(1_000)
                .setMinTimestampNs(1_000)
                .setMaxTimestampNs(1_020)
                .setPackets(packets)
                .build();
    }

    private static PacketBatch decode(byte[] value) throws IOException {
        int header = SingleObject.HEADER_LENGTH;
        return new SpecificDatumReader<PacketBatch>(SCHEMA)
                .read(
                        null,
                        DecoderFactory.get()
                                .binaryDecoder(value, header, value.length - header, null));
    }

    private static PacketBatch toBatch(PacketBatchReader reader) {
        List<Packet> packets = new ArrayList<>();
        long lastLaneNumber = reader.firstLaneNumber();
        while (reader.next()) {
            assertThat(reader.packetNumber())
                    .isEqualTo(reader.firstPacketNumber() + packets.size());
            packets.add(
                    Packet.newBuilder()
                            .setLaneNumberDelta(reader.laneNumber() - lastLaneNumber)
                            .setTimestampOffsetNs(reader.timestampNs() - reader.baseTimestampNs())
                            .setOriginalLength(reader.originalLength())
                            .setPacketType(type(reader.packetType()))
                            .setFlags(reader.flags())
                            .setData(
                                    ByteBuffer.wrap(
                                            reader.array(),
                                            reader.dataOffset(),
                                            reader.dataLength()))
                            .build());
            lastLaneNumber = reader.laneNumber();
        }
        assertThat(packets).hasSize(reader.packetCount());
        return PacketBatch.newBuilder()
                .setSensorId(reader.sensorId())
                .setSessionId(reader.sessionId())
                .setCaptureId(reader.captureId())
                .setInterfaceName(reader.interfaceName())
                .setLinkType(reader.linkType())
                .setSnapLength(reader.snapLength())
                .setLane(reader.lane())
                .setPartition(reader.partition())
                .setFirstPacketNumber(reader.firstPacketNumber())
                .setFirstLaneNumber(reader.firstLaneNumber())
                .setBaseTimestampNs(reader.baseTimestampNs())
                .setMinTimestampNs(reader.minTimestampNs())
                .setMaxTimestampNs(reader.maxTimestampNs())
                .setPackets(packets)
                .build();
    }

    private static PacketType type(int symbol) {
        return PacketType.valueOf(PacketType.getClassSchema().getEnumSymbols().get(symbol));
    }
}
