package dev.ringtail.sensor;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.sensor.linux.HardwareType;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.MissingCapabilityException;
import dev.ringtail.sensor.linux.NetworkInterface;
import dev.ringtail.sensor.linux.PacketSocket;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

/// `ringtail interfaces`: what can be captured here, and why not.
@Command(
        name = "interfaces",
        mixinStandardHelpOptions = true,
        description = "Lists the network interfaces and whether they can be captured.")
public final class InterfacesCommand implements Callable<Integer> {
    private static final Path DEVICES = Path.of("/proc/thread-self/net/dev");
    private static final int HEADING_LINES = 2;
    private static final String FORMAT = "%-16s %5s  %-12s %6s  %-5s %s%n";

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
        LibC libc = LibC.load();
        out.printf(FORMAT, "NAME", "INDEX", "LINK TYPE", "MTU", "STATE", "CAPTURE");
        boolean allowed = mayCapture(libc);
        for (String name : names()) {
            NetworkInterface found = NetworkInterface.byName(libc, name);
            OptionalInt linkType = HardwareType.linkType(found.hardwareType());
            out.printf(
                    FORMAT,
                    found.name(),
                    found.index(),
                    linkType.isPresent() ? LinkType.name(linkType.getAsInt()) : "-",
                    found.mtuBytes(),
                    found.up() ? "up" : "down",
                    verdict(found, linkType, allowed));
        }
        out.flush();
        return 0;
    }

    private static boolean mayCapture(LibC libc) {
        try {
            PacketSocket.checkAllowed(libc);
            return true;
        } catch (MissingCapabilityException e) {
            return false;
        }
    }

    private static String verdict(NetworkInterface found, OptionalInt linkType, boolean allowed) {
        if (linkType.isEmpty()) {
            return "no: hardware type " + found.hardwareType() + " has no link type here";
        }
        if (!allowed) {
            return "no: this process lacks CAP_NET_RAW";
        }
        return found.up() ? "yes" : "no: it is down (ip link set " + found.name() + " up)";
    }

    /// The interfaces of the calling thread's network namespace, in the kernel's order.
    private static List<String> names() throws IOException {
        return Files.readAllLines(DEVICES).stream()
                .skip(HEADING_LINES)
                .map(line -> line.substring(0, line.indexOf(':')).strip())
                .toList();
    }
}
