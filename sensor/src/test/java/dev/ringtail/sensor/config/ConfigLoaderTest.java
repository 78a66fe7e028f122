package dev.ringtail.sensor.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.sensor.linux.MacAddress;
import dev.ringtail.sensor.ring.Fanout;
import dev.ringtail.sensor.ring.Memberships;
import dev.ringtail.sensor.ring.SocketOptions;
import dev.ringtail.sensor.ring.TimestampSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class ConfigLoaderTest {
    @TempDir private Path folder;

    @Test
    void hasDefaultsThatAreValid() {
        SensorConfig config = new ConfigLoader(Map.of()).load();

        assertThat(config.ring().geometry().lengthBytes()).isEqualTo(256L << 20);
        assertThat(config.batch().size().intBytes()).isEqualTo(256 << 10);
        assertThat(config.batch().maxAge().duration()).isEqualTo(Duration.ofMillis(200));
        assertThat(config.partitions()).isEqualTo(16);
        assertThat(config.sensorId()).isEqualTo(HostName.get());
        assertThat(config.mostLanes()).isPositive();
        assertThat(config.keepsOutgoing(true)).isFalse();
        assertThat(config.keepsOutgoing(false)).isTrue();
    }

    @Test
    void hasNoManagementEndpointUnlessItIsNamed() throws IOException {
        assertThat(load("lanes: 3").management()).isNull();
        assertThat(load("management:").management())
                .isEqualTo(new ManagementConfig("127.0.0.1", 9464));
        assertThat(load("management: {address: 10.0.0.1}").management())
                .isEqualTo(new ManagementConfig("10.0.0.1", 9464));
        assertThat(
                        new ConfigLoader(Map.of())
                                .set("management.address", "::1")
                                .set("management.port", 0)
                                .load()
                                .management())
                .isEqualTo(new ManagementConfig("::1", 0));
        assertThatThrownBy(() -> load("management: {port: 65536}"))
                .hasMessageEndingWith(": management.port: 65536 is not between 0 and 65535");
        assertThatThrownBy(() -> load("management: {host: x}"))
                .hasMessageEndingWith(
                        ": management.host: unknown key; allowed here are address, port");
    }

    @Test
    void changesWhatTheFileNamesAndNothingElse() throws IOException {
        SensorConfig config =
                load(
                        """
                        interfaces: [eth0, eth1]
                        lanes: 3
                        ring:
                          blockCount: 64
                        kafka:
                          bootstrap.servers: ${BROKER:-localhost:9092}
                          ssl.key.password: ${SECRET}
                        """);

        assertThat(config.interfaces())
                .extracting(InterfaceConfig::name)
                .containsExactly("eth0", "eth1");
        assertThat(config.laneCount()).isEqualTo(6);
        assertThat(config.ring().blockCount()).isEqualTo(64);
        assertThat(config.ring().blockSize()).isEqualTo(ByteSize.parse("1MiB"));
        assertThat(config.kafka())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("bootstrap.servers", "localhost:9092", "ssl.key.password", "$e"));
    }

    @Test
    void changesAKeyWithinAGroupAlone() {
        SensorConfig config =
                new ConfigLoader(Map.of())
                        .set("record.file", "trace.pcapng")
                        .set("record.rotateEvery", "10m")
                        .load();

        assertThat(config.record().file()).isEqualTo("trace.pcapng");
        assertThat(config.record().rotatesByTime()).isTrue();
        assertThat(config.record().rotatesBySize()).isFalse();
        assertThat(config.record().keepFiles()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "interfces: [lo]|interfces: unknown key; allowed here are allMulticast, ",
                "managment: {}|managment: unknown key; allowed here are allMulticast, batch,"
                        + " cooked, cpus, fanout, filter, headers, immediate, interfaces, kafka,"
                        + " lanes, lockFilter, management, maxInterfaces, ",
                "ring: {blocks: 5}|ring.blocks: unknown key; allowed here are blockCount,"
                        + " blockSize,",
                "ring: 5|ring: '5' is not a group of keys",
                "ring: {blockTimeout: 5}|ring.blockTimeout: '5' is not a time; write a whole"
                        + " number",
                "ring: {blockSize: 1MB}|ring.blockSize: '1MB' is not a size; write a whole number",
                "ring: {blockSize: 192KiB}|ring.blockSize: 192KiB is not a power of two",
                "ring: {blockSize: 64KiB}|ring.blockSize: 64KiB is not between 128KiB and 64MiB",
                "record: {keepFiles: 3}|record.keepFiles: there is one file alone without",
                "record: {rotateEvery: 10s}|record.file: none is given, so there is nothing to"
                        + " rotate",
                "record: {file: '-', rotateSize: 1MiB}|record.file: standard output can't be"
                        + " rotated",
                "record: {file: x, rotateSize: 1KiB}|record.rotateSize: 1KiB is not between 64KiB",
                "ring: {blockCount: 65536}|ring.blockCount: 65536 is not between 2 and 65535",
                "ring: {blockCount: many}|ring.blockCount: ",
                "batch: {maxAge: 1ms}|batch.maxAge: 1ms is not between 10ms and 5s",
                "snapLength: 12|snapLength: 12 is not between 64 and 262144",
                "lanes: -1|lanes: -1 is not between 0 and 64",
                "topicPrefix: 'a b'|topicPrefix: 'a b' is not 1 to 200 letters",
                "outgoing: maybe|outgoing: ",
                "timestamps: atomic|timestamps: ",
                "multicastGroups: ['01:00:5e:00:00']|multicastGroups: '01:00:5e:00:00' is not a MAC"
                        + " address",
                "multicastGroups: ['02:00:5e:00:00:fb']|multicastGroups: 02:00:5e:00:00:fb is not a"
                        + " multicast address",
                "fanout: {mode: flow}|fanout.mode: ",
                "fanout: {mode: ebpf}|fanout.program: mode EBPF needs a program",
                "fanout: {program: x}|fanout.program: mode HASH takes no program",
                "fanout: {mode: rollover, rollover: true}|fanout.rollover: mode rollover rolls over"
                        + " already",
                "ring: {slotSize: 3000B}|ring.slotSize: 3000B is not a power of two",
                "ring: {slotSize: 128B}|ring.slotSize: 128B is not between 256B and 64KiB",
                "ring: {reserve: 2KiB}|ring.reserve: 2KiB is not between 0B and 1792B",
                "ring: {blockSize: 64MiB, blockCount: 65535, slotSize: 1KiB}|ring.blockCount: the"
                        + " kernel can't count",
                "filter: ${NOWHERE}|filter: the environment variable NOWHERE is not set"
            })
    void refusesAndNamesTheKey(String yaml, String message) throws IOException {
        assertThatThrownBy(() -> load(yaml))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageStartingWith(folder.resolve("sensor.yaml") + ": " + message);
    }

    @Test
    void takesTheBooleansOfYamlForTexts() throws IOException {
        assertThat(load("outgoing: true").outgoing()).isEqualTo(SensorConfig.Outgoing.TRUE);
        assertThat(load("outgoing: 'False'").outgoing()).isEqualTo(SensorConfig.Outgoing.FALSE);
        assertThat(load("outgoing: auto").keepsOutgoing(true)).isFalse();
    }

    @Test
    void leavesOutOfAPatternWhatIsExcepted() throws IOException {
        InterfaceConfig entry =
                load("interfaces: [{name: 'e*', except: [eth1, 'enx?']}]").interfaces().getFirst();

        assertThat(List.of("eth0", "eth1", "eth11", "enx1", "enx12", "veth1"))
                .filteredOn(entry::matches)
                .containsExactly("eth0", "eth11", "enx12");
        assertThat(entry.withFilter("udp").matches("eth1")).isFalse();
    }

    @Test
    void makesTheOptionsOfTheSockets() throws IOException {
        SensorConfig config =
                load(
                        """
                        promiscuous: false
                        allMulticast: true
                        multicastGroups: ["01:00:5e:00:00:fb"]
                        immediate: true
                        timestamps: hardware
                        lockFilter: true
                        fanout:
                          mode: lb
                          rollover: true
                          defrag: true
                        """);

        assertThat(config.socketOptions(true, false))
                .isEqualTo(
                        new SocketOptions(
                                true,
                                true,
                                new Fanout(Fanout.Mode.LB, true, true, ""),
                                new Memberships(
                                        false,
                                        true,
                                        List.of(MacAddress.parse("01:00:5e:00:00:fb"))),
                                TimestampSource.HARDWARE,
                                true,
                                true));
    }

    @Test
    void warnsOfARingThatAStallFillsEvenWhenItIsNearlyIdle() throws IOException {
        assertThat(new ConfigLoader(Map.of()).load().ring().warning()).isEmpty();

        assertThat(load("ring: {blockCount: 64, blockTimeout: 10ms}").ring().warning())
                .hasValueSatisfying(w -> assertThat(w).contains("is 640 ms"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    sampling: 2.5 | sampling: it is not a whole number
                    interfaces: eth0 | interfaces: it is not a list; write it in brackets, such as [eth0, eth1]
                    'interfaces: [{name: a, filtr: udp}]' | interfaces.[0].filtr: unknown key; allowed here are except, filter, name
                    'interfaces: [{name: eth0, except: [eth1]}]' | interfaces: except goes with a pattern such as eth*, and 'eth0' is none
                    'interfaces: [{name: "e*", except: [e/1]}]' | interfaces: 'e/1' is not a name: 1 to 15 bytes, no space, no /
                    'fanout: {mode: foo}' | fanout.mode: 'foo' is not one of hash, lb, cpu, rollover, rnd, qm, cbpf, ebpf
                    outgoing: maybe | outgoing: 'maybe' is not one of auto, true, false
                    timestamps: foo | timestamps: 'foo' is not one of ring, receive, hardware
                    'fanout: {mode: cbpf}' | fanout.program: mode CBPF needs a program
                    """)
    void saysInWordsWhatIsWrongAndWhatIsAllowed(String text, String problem) {
        assertThatThrownBy(() -> load(text))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage(folder.resolve("sensor.yaml") + ": " + problem);
    }

    @Test
    void blamesTheFileForWhatWasNotChangedAfterIt() throws IOException {
        Path file = folder.resolve("sensor.yaml");
        Files.writeString(file, "lanes: 65");

        assertThatThrownBy(() -> new ConfigLoader(Map.of()).file(file).load())
                .hasMessage(file + ": lanes: 65 is not between 0 and 64");
        assertThatThrownBy(() -> new ConfigLoader(Map.of()).file(file).set("lanes", 66).load())
                .hasMessage("lanes: 66 is not between 0 and 64");
        assertThatThrownBy(() -> new ConfigLoader(Map.of()).set("lanes", 67).load())
                .hasMessage("lanes: 67 is not between 0 and 64");
    }

    @Test
    void namesAFileThatIsNotThere() {
        assertThatThrownBy(() -> new ConfigLoader(Map.of()).file(Path.of("/no/such.yaml")))
                .hasMessage("can't read /no/such.yaml: no such file or folder");
    }

    @Test
    void refusesAFileThatIsNoMapping() {
        assertThatThrownBy(() -> load("- a"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageEndingWith("sensor.yaml: not a YAML mapping of keys");
    }

    private SensorConfig load(String yaml) throws IOException {
        Path file = folder.resolve("sensor.yaml");
        Files.writeString(file, yaml);
        return new ConfigLoader(Map.of("SECRET", "$e")).file(file).load();
    }
}
