package dev.ringtail.consumer.export;

import dev.ringtail.consumer.CommandException;
import dev.ringtail.schema.CaptureReport;
import dev.ringtail.schema.LaneLedger;
import dev.ringtail.schema.SensorReport;

import java.util.Collection;
import java.util.NavigableSet;
import java.util.TreeSet;

/// The sensors, and the interfaces of those that are wanted, of which packets or ledgers were seen:
/// a name that is not among them is mistyped.
final class PacketSources {
    private final NavigableSet<String> sensors = new TreeSet<>();
    private final NavigableSet<String> interfaces = new TreeSet<>();

    void addSensor(String sensorId) {
        sensors.add(sensorId);
    }

    void addInterface(String name) {
        interfaces.add(name);
    }

    /// Adds what ledgers name.
    void addReported(Collection<SensorReport> reports, ExportQuery query) {
        for (SensorReport report : reports) {
            sensors.add(report.getSensorId());
            if (query.wantsSensor(report.getSensorId())) {
                report.getLanes().stream()
                        .map(LaneLedger::getInterfaceName)
                        .forEach(interfaces::add);
                report.getCaptures().stream()
                        .map(CaptureReport::getInterfaceName)
                        .forEach(interfaces::add);
            }
        }
    }

    /// @throws CommandException if a sensor or interface is asked for that is not here
    void check(ExportQuery query) {
        if (query.sensor() != null && !sensors.contains(query.sensor())) {
            throw unknown("--sensor", query.sensor(), sensors);
        }
        if (query.interfaceName() != null && !interfaces.contains(query.interfaceName())) {
            throw unknown("--interface", query.interfaceName(), interfaces);
        }
    }

    private static CommandException unknown(
            String option, String name, NavigableSet<String> known) {
        return new CommandException(
                "%s %s: neither packets in the range nor a ledger report of it; %s"
                        .formatted(
                                option,
                                name,
                                known.isEmpty()
                                        ? "there are none at all"
                                        : "there are " + String.join(", ", known)));
    }
}
