package dev.ringtail.sensor.transmit;

import dev.ringtail.sensor.Main;
import dev.ringtail.sensor.StopSignal;
import dev.ringtail.sensor.linux.InNamespace;
import dev.ringtail.testing.NetworkNamespace;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.concurrent.Callable;

/// A network namespace with the veth pairs `a0`–`a1` and `b0`–`b1`.
final class TransmitLab implements AutoCloseable {
    final NetworkNamespace namespace = NetworkNamespace.create();

    /// What a command left behind.
    record Outcome(int exit, String out, String err) {}

    TransmitLab() {
        namespace.run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
        for (String pair : new String[] {"a", "b"}) {
            namespace.run("ip link add %s0 type veth peer name %s1".formatted(pair, pair));
            namespace.run("ip link set %s0 up".formatted(pair));
            namespace.run("ip link set %s1 up".formatted(pair));
        }
    }

    /// Runs code on a thread inside.
    <T> T call(Callable<T> body) throws Exception {
        return InNamespace.call(namespace, body);
    }

    /// Runs a command inside, as its own process would.
    Outcome run(String... arguments) throws Exception {
        return call(() -> execute(Main.commandLine(StopSignal.never()), arguments));
    }

    /// Runs a command on the calling thread.
    static Outcome execute(CommandLine command, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int exit = command.execute(Arrays.copyOf(arguments, arguments.length));
        return new Outcome(exit, out.toString(), err.toString());
    }

    @Override
    public void close() {
        namespace.close();
    }
}
