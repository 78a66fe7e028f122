package dev.ringtail.sensor.interfaces;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.sensor.linux.Offloads;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.StringJoiner;

/// Interfaces as a table for people: columns as wide as they need to be, `-` for what is not known.
final class InterfaceTable {
    private static final List<String> HEADINGS =
            List.of(
                    "NAME",
                    "INDEX",
                    "LINK TYPE",
                    "MTU",
                    "STATE",
                    "KIND",
                    "QUEUES",
                    "OFFLOADS",
                    "LARGEST FRAME",
                    "HW STAMPS",
                    "PROMISC",
                    "CAPTURE");

    private InterfaceTable() {}

    static String of(List<InterfaceDescription> interfaces) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        interfaces.forEach(each -> rows.add(row(each)));
        int[] widths = new int[HEADINGS.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }

    private static List<String> row(InterfaceDescription each) {
        return List.of(
                each.name(),
                Integer.toString(each.index()),
                LinkType.name(each.linkType()) + (each.cooked() ? " (cooked)" : ""),
                number(each.mtuBytes()),
                each.state().toString(),
                each.kind().isEmpty() ? "-" : each.kind(),
                number(each.rxQueueCount()),
                each.offloads().map(InterfaceTable::switchedOn).orElse("-"),
                Integer.toString(each.largestFrameBytes()),
                each.hardwareTimestamps().map(InterfaceTable::yesOrNo).orElse("-"),
                yesOrNo(each.promiscuous()),
                each.capturable() ? "yes" : "no: " + each.problem());
    }

    private static String switchedOn(Offloads offloads) {
        StringJoiner names = new StringJoiner(",").setEmptyValue("none");
        if (offloads.gro()) {
            names.add("gro");
        }
        if (offloads.lro()) {
            names.add("lro");
        }
        if (offloads.tso()) {
            names.add("tso");
        }
        if (offloads.gso()) {
            names.add("gso");
        }
        return names.toString();
    }

    private static String number(OptionalInt value) {
        return value.isPresent() ? Integer.toString(value.getAsInt()) : "-";
    }

    private static String yesOrNo(boolean value) {
        return value ? "yes" : "no";
    }
}
