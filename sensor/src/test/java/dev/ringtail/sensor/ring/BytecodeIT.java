package dev.ringtail.sensor.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.pcap.libpcap.BpfInstruction;
import dev.ringtail.pcap.libpcap.BpfProgram;
import dev.ringtail.pcap.libpcap.BpfText;
import dev.ringtail.pcap.libpcap.FilterException;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.PacketSocket;
import dev.ringtail.sensor.linux.SyscallException;
import dev.ringtail.testing.Privileged;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/// Bytecode is refused exactly where the kernel refuses it.
@Privileged
class BytecodeIT {
    private static final int PROGRAMS = 20_000;

    /// Every code that some kernel ever had, and some that none has.
    private static final int MAX_CODE = 0xc0;

    @Test
    void refusesWhatTheKernelRefuses() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int accepted = 0;
        try (PacketSocket socket = PacketSocket.open(LibC.load())) {
            for (int i = 0; i < PROGRAMS; i++) {
                BpfProgram program = program(random);
                String problem = problem(program);
                boolean kernel = kernelAccepts(socket, program);
                assertThat(problem.isEmpty())
                        .as("seed %d, %s: %s", seed, program, problem)
                        .isEqualTo(kernel);
                accepted += kernel ? 1 : 0;
            }
        }
        assertThat(accepted).isBetween(PROGRAMS / 20, PROGRAMS * 19 / 20);
    }

    private static BpfProgram program(Random random) {
        List<BpfInstruction> instructions = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            boolean last = i == count - 1 && random.nextInt(8) != 0;
            int code = last ? 6 : random.nextInt(MAX_CODE);
            int k =
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt(4);
                        case 1 -> random.nextInt(40);
                        case 2 -> -0x1000 + random.nextInt(80);
                        default -> random.nextInt();
                    };
            instructions.add(new BpfInstruction(code, random.nextInt(3), random.nextInt(3), k));
        }
        return new BpfProgram(instructions);
    }

    private static String problem(BpfProgram program) {
        String text =
                program.instructions().stream()
                        .map(
                                i ->
                                        "%d %d %d %s"
                                                .formatted(
                                                        i.code(),
                                                        i.jt(),
                                                        i.jf(),
                                                        Integer.toUnsignedString(i.k())))
                        .collect(Collectors.joining(",", program.instructions().size() + ",", ""));
        try {
            assertThat(BpfText.parse(text)).isEqualTo(program);
            return "";
        } catch (FilterException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static boolean kernelAccepts(PacketSocket socket, BpfProgram program) {
        try {
            socket.attach(program);
            return true;
        } catch (SyscallException e) {
            return false;
        }
    }
}
