package dev.ringtail.sensor.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.schema.Balance;
import dev.ringtail.schema.Imbalance;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.SensorReport;
import dev.ringtail.schema.Tally;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

class BalanceTest {
    @Test
    void findsNothingWrongWithAnAccountThatAddsUp() {
        assertThat(Balance.check(report(Reports.balancedLane(0), Reports.balancedLane(1))))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void findsEachTermThatIsOff(String name, Consumer<LaneLedger> fault, String message) {
        LaneLedger lane = Reports.balancedLane(1);
        fault.accept(lane);

        List<Imbalance> found = Balance.check(report(Reports.balancedLane(0), lane));

        assertThat(found).extracting(Imbalance::toString).containsExactly(message);
    }

    static Stream<Arguments> faults() {
        String second = "lane 1: received = published + excluded + malformed + shed + pending";
        String third = "lane 1: published = acknowledged + rejected + unknown + inFlight + spooled";
        return Stream.of(
                fault(
                        "kernelPackets",
                        l -> l.setKernelPackets(l.getKernelPackets() + 1),
                        "lane 1: kernelPackets = kernelDrops + received is off by 1 packets"
                                + " (1001 against 1000)"),
                fault(
                        "kernelDrops",
                        l -> l.setKernelDrops(l.getKernelDrops() + 1),
                        "lane 1: kernelPackets = kernelDrops + received is off by -1 packets"
                                + " (1000 against 1001)"),
                fault(
                        "excluded",
                        l -> l.setExcludedStaleFilter(new Tally(1L, 0L)),
                        second + " is off by -1 packets (900 against 901)"),
                fault(
                        "shed",
                        l -> l.setShed(Map.of("full", new Tally(51L, 500L))),
                        second + " is off by -1 packets (900 against 901)"),
                fault(
                        "cut",
                        l -> l.setCut(new Tally(1L, 31L)),
                        second + " + cut is off by -1 bytes (9000 against 9001)"),
                fault(
                        "acknowledged",
                        l -> l.setAcknowledged(new Tally(0L, 600L)),
                        third + " is off by 60 packets (100 against 40)"),
                fault(
                        "rejected",
                        l -> l.setRejected(Map.of("other", new Tally(0L, 100L))),
                        third + " is off by 10 packets (100 against 90)"),
                fault(
                        "spooled",
                        l -> l.setSpooled(new Tally(0L, 5L)),
                        third + " is off by -5 bytes (970 against 975)"));
    }

    private static Arguments fault(String name, Consumer<LaneLedger> fault, String message) {
        return Arguments.of(name, fault, message);
    }

    private static SensorReport report(LaneLedger... lanes) {
        return Reports.report(List.of(lanes));
    }
}
