package dev.ringtail.sensor.ring;

import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.pcap.libpcap.BpfText;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.PacketSocket;
import dev.ringtail.sensor.linux.PinnedProgram;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The program that spreads packets over a group, ready to be attached; nothing for modes that need
/// none.
final class FanoutProgram implements AutoCloseable {
    private final @Nullable BpfProgram classic;
    private @Nullable PinnedProgram extended;

    private FanoutProgram(@Nullable BpfProgram classic, @Nullable PinnedProgram extended) {
        this.classic = classic;
        this.extended = extended;
    }

    /// Reads and checks what the fanout names.
    static FanoutProgram load(LibC libc, Fanout fanout) {
        return switch (fanout.mode()) {
            case CBPF -> new FanoutProgram(BpfText.parse(bytecode(fanout.program())), null);
            case EBPF -> new FanoutProgram(null, PinnedProgram.open(libc, fanout.program()));
            default -> new FanoutProgram(null, null);
        };
    }

    private static String bytecode(String program) {
        if (BpfText.isBytecode(program)) {
            return program;
        }
        try {
            return Files.readString(Path.of(program));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "fanout program '%s' is neither bytecode (COUNT,CODE JT JF K,…) nor a file that can be read: %s"
                            .formatted(program, e),
                    e);
        }
    }

    /// Has the group of a socket use it.
    void attachTo(PacketSocket member) {
        if (classic != null) {
            member.spreadBy(classic);
        }
        if (extended != null) {
            member.spreadBy(extended);
        }
    }

    /// Does nothing where it is closed already.
    @Override
    public void close() {
        if (extended != null) {
            extended.close();
            extended = null;
        }
    }
}
