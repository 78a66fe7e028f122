package dev.ringtail.sensor.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class LibCTest {
    private final LibC libc = LibC.load();

    @Test
    void returnsTheNegatedErrnoOfAFailedCall() {
        assertThat(libc.close(-1)).isEqualTo(-Errno.EBADF.number());
        assertThat(libc.munmap(1, 4096)).isEqualTo(-Errno.EINVAL.number());
        assertThat(libc.mmap(0, 4096, 1, 1, -1, 0)).isEqualTo(-Errno.EBADF.number());
        assertThat(libc.socket(-1, 0, 0)).isEqualTo(-Errno.EAFNOSUPPORT.number());
        try (Arena arena = Arena.ofConfined()) {
            assertThat(libc.open(arena.allocateFrom("/no/such/file"), 0))
                    .isEqualTo(-Errno.ENOENT.number());
            assertThat(libc.ioctl(-1, 0, MemorySegment.NULL)).isEqualTo(-Errno.EBADF.number());
            assertThat(libc.read(-1, arena.allocate(8), 8)).isEqualTo(-Errno.EBADF.number());
            assertThat(libc.setns(-1, 0)).isEqualTo(-Errno.EBADF.number());
            assertThat(libc.send(-1, arena.allocate(8), 8, 0)).isEqualTo(-Errno.EBADF.number());
            assertThat(libc.recv(-1, arena.allocate(8), 8, 0)).isEqualTo(-Errno.EBADF.number());
        }
    }

    @Test
    void countsSignalsOfAnEventDescriptor() {
        try (EventFd event = EventFd.open(libc);
                Arena arena = Arena.ofConfined()) {
            event.signal();
            event.signal();

            MemorySegment value = arena.allocate(ValueLayout.JAVA_LONG);
            assertThat(libc.read(event.fd(), value, Long.BYTES)).isEqualTo(Long.BYTES);
            assertThat(value.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(2);
            assertThat(libc.read(event.fd(), value, Long.BYTES)).isEqualTo(-Errno.EAGAIN.number());
        }
    }

    @Test
    void saysWhichCallFailedAndWhatToDo() {
        assertThatThrownBy(
                        () -> {
                            throw new SyscallException("bind(x)", Errno.ENODEV.number(), "look");
                        })
                .hasMessage("bind(x): ENODEV (no such device); look");
        assertThat(Errno.describe(4095)).isEqualTo("errno 4095");
    }
}
