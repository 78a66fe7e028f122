package dev.ringtail.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;

/// Oracles: Kafka's own murmur2, and vectors written by `src/test/python/partition_vectors.py`.
class FlowHashTest {
    record Vector(String name, String canonical, int hash, int partitionOf16) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Vector> vectors() throws IOException {
        InputStream file =
                Objects.requireNonNull(FlowHash.class.getResourceAsStream("partition-vectors.csv"));
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return in.lines().skip(1).map(FlowHashTest::vector).toList();
        }
    }

    private static Vector vector(String line) {
        String[] cells = line.split(",", -1);
        return new Vector(
                cells[0],
                cells[3],
                Integer.parseUnsignedInt(cells[4], 16),
                Integer.parseInt(cells[5]));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void hashesLikeTheVectorsAndKafka(Vector vector) {
        byte[] canonical = HexFormat.of().parseHex(vector.canonical());

        assertThat(vector.hash()).isEqualTo(Utils.murmur2(canonical));
        assertThat(hashes(canonical)).containsOnly(vector.hash());
        assertThat(FlowHash.partition(vector.hash(), 16)).isEqualTo(vector.partitionOf16());
    }

    @Test
    void sendsBothDirectionsToOnePartition() throws IOException {
        Map<String, Integer> hashes =
                vectors().stream().collect(Collectors.toMap(Vector::name, Vector::hash));

        List<String> reversed =
                hashes.keySet().stream().filter(name -> name.endsWith("-reverse")).toList();

        assertThat(reversed).hasSizeGreaterThanOrEqualTo(5);
        assertThat(reversed)
                .allSatisfy(
                        name ->
                                assertThat(hashes.get(name))
                                        .isEqualTo(hashes.get(name.replace("-reverse", ""))));
    }

    @Test
    void hashesRandomKeysLikeKafka() {
        long seed = 7421;
        Random random = new Random(seed);
        int[] lengths = {13, 9, 37, 33, 14, 4};
        for (int i = 0; i < 20_000; i++) {
            byte[] key = new byte[lengths[random.nextInt(lengths.length)]];
            random.nextBytes(key);
            if (i % 5 == 0) {
                // Equal addresses, where the ports decide.
                int half = key.length == 13 ? 4 : 16;
                if (key.length == 13 || key.length == 37) {
                    System.arraycopy(key, 0, key, half, half);
                }
            }
            byte[] canonical = canonical(key);
            assertThat(hashes(canonical))
                    .as("seed %d, key %s", seed, HexFormat.of().formatHex(canonical))
                    .containsOnly(Utils.murmur2(canonical));
        }
    }

    @Test
    void takesNegativeHashesIntoRange() {
        assertThat(FlowHash.partition(-1, 16)).isEqualTo(15);
        assertThat(FlowHash.partition(Integer.MIN_VALUE, 3)).isEqualTo(0);
    }

    /// Puts a random key's two sides in canonical order.
    private static byte[] canonical(byte[] key) {
        int address =
                switch (key.length) {
                    case 9, 13 -> 4;
                    case 33, 37 -> 16;
                    case 14 -> 6;
                    default -> 0;
                };
        boolean ports = key.length == 13 || key.length == 37;
        String low = side(key, 0, address, ports ? 2 * address : -1);
        String high = side(key, address, address, ports ? 2 * address + 2 : -1);
        if (low.compareTo(high) <= 0) {
            return key;
        }
        byte[] swapped = key.clone();
        System.arraycopy(key, address, swapped, 0, address);
        System.arraycopy(key, 0, swapped, address, address);
        if (ports) {
            System.arraycopy(key, 2 * address + 2, swapped, 2 * address, 2);
            System.arraycopy(key, 2 * address, swapped, 2 * address + 2, 2);
        }
        return swapped;
    }

    private static String side(byte[] key, int at, int length, int portAt) {
        HexFormat hex = HexFormat.of();
        return hex.formatHex(key, at, at + length)
                + (portAt < 0 ? "" : hex.formatHex(key, portAt, portAt + 2));
    }

    /// The hash of a canonical key through the entry that its length tells, in both directions.
    private static int[] hashes(byte[] canonical) {
        ByteBuffer in = ByteBuffer.wrap(canonical);
        return switch (canonical.length) {
            case 4 -> new int[] {FlowHash.linkType(in.getInt())};
            case 14 -> macHashes(u16(in) << 32 | u32(in), u16(in) << 32 | u32(in), (int) u16(in));
            case 9, 13 -> ipv4Hashes(in, canonical.length == 13);
            default -> ipv6Hashes(in, canonical.length == 37);
        };
    }

    private static int[] macHashes(long low, long high, int type) {
        return new int[] {FlowHash.mac(low, high, type), FlowHash.mac(high, low, type)};
    }

    private static int[] ipv4Hashes(ByteBuffer in, boolean ports) {
        int low = in.getInt();
        int high = in.getInt();
        int lowPort = ports ? (int) u16(in) : 0;
        int highPort = ports ? (int) u16(in) : 0;
        int protocol = in.get() & 0xff;
        return ports
                ? new int[] {
                    FlowHash.ipv4(low, high, lowPort, highPort, protocol),
                    FlowHash.ipv4(high, low, highPort, lowPort, protocol)
                }
                : new int[] {
                    FlowHash.ipv4(low, high, protocol), FlowHash.ipv4(high, low, protocol)
                };
    }

    private static int[] ipv6Hashes(ByteBuffer in, boolean ports) {
        long a = in.getLong();
        long b = in.getLong();
        long c = in.getLong();
        long d = in.getLong();
        int lowPort = ports ? (int) u16(in) : 0;
        int highPort = ports ? (int) u16(in) : 0;
        int protocol = in.get() & 0xff;
        return ports
                ? new int[] {
                    FlowHash.ipv6(a, b, c, d, lowPort, highPort, protocol),
                    FlowHash.ipv6(c, d, a, b, highPort, lowPort, protocol)
                }
                : new int[] {
                    FlowHash.ipv6(a, b, c, d, protocol), FlowHash.ipv6(c, d, a, b, protocol)
                };
    }

    private static long u16(ByteBuffer in) {
        return in.getShort() & 0xffffL;
    }

    private static long u32(ByteBuffer in) {
        return in.getInt() & 0xffffffffL;
    }
}
