package dev.ringtail.sensor.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// [LibC] through the JDK's Foreign Function & Memory API; the one linking class of the sensor.
///
/// Each call allocates its own few bytes for errno from a confined arena: that costs some 20 ns
/// beside a system call's hundreds, and leaves nothing to share between threads.
final class JdkLibC implements LibC {
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    // int socket(int domain, int type, int protocol);
    private static final MethodHandle SOCKET =
            link("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    // int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen);
    private static final MethodHandle BIND =
            link("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    // int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen);
    private static final MethodHandle CONNECT =
            link("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    // int getsockname(int sockfd, struct sockaddr *addr, socklen_t *addrlen);
    private static final MethodHandle GETSOCKNAME =
            link("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    // ssize_t send(int sockfd, const void *buf, size_t size, int flags);
    private static final MethodHandle SEND =
            link("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    // int sendmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int n, int flags);
    private static final MethodHandle SENDMMSG =
            link(
                    "sendmmsg",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    // int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen);
    private static final MethodHandle SETSOCKOPT =
            link(
                    "setsockopt",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    // int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen);
    private static final MethodHandle GETSOCKOPT =
            link(
                    "getsockopt",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    // void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset);
    private static final MethodHandle MMAP =
            link(
                    "mmap",
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                            JAVA_LONG));
    // int munmap(void *addr, size_t length);
    private static final MethodHandle MUNMAP =
            link("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    // int poll(struct pollfd *fds, nfds_t nfds, int timeout);
    private static final MethodHandle POLL =
            link("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    // int eventfd(unsigned int initval, int flags);
    private static final MethodHandle EVENTFD =
            link("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    // ssize_t read(int fd, void *buf, size_t count);
    private static final MethodHandle READ =
            link("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    // ssize_t write(int fd, const void *buf, size_t count);
    private static final MethodHandle WRITE =
            link("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    // ssize_t recv(int sockfd, void *buf, size_t len, int flags);
    private static final MethodHandle RECV =
            link("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    // long syscall(long number, ...);
    private static final MethodHandle SYSCALL_BPF =
            link(
                    "syscall",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT),
                    Linker.Option.firstVariadicArg(1));
    // int ioctl(int fd, unsigned long op, ...);
    private static final MethodHandle IOCTL =
            link(
                    "ioctl",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
                    Linker.Option.firstVariadicArg(2));
    // int open(const char *pathname, int flags, ...);
    private static final MethodHandle OPEN =
            link(
                    "open",
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
                    Linker.Option.firstVariadicArg(2));
    // int close(int fd);
    private static final MethodHandle CLOSE =
            link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    // int setns(int fd, int nstype);
    private static final MethodHandle SETNS =
            link("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    // int capset(cap_user_header_t hdrp, const cap_user_data_t datap);
    private static final MethodHandle CAPSET =
            link("capset", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));

    // int sched_setaffinity(pid_t pid, size_t cpusetsize, const cpu_set_t *mask);
    private static final MethodHandle SCHED_SETAFFINITY =
            link(
                    "sched_setaffinity",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));

    /// `__NR_bpf` of asm/unistd.h, on x86-64 and on the architectures that have the generic table.
    private static final long BPF_CALL_NUMBER =
            System.getProperty("os.arch").equals("amd64") ? 321 : 280;

    static final LibC INSTANCE = new JdkLibC();

    private JdkLibC() {}

    private static MethodHandle link(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        MemorySegment symbol =
                linker.defaultLookup()
                        .find(name)
                        .orElseThrow(() -> new LinkageError("libc has no function " + name));
        Linker.Option[] all = new Linker.Option[options.length + 1];
        all[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(options, 0, all, 1, options.length);
        return linker.downcallHandle(symbol, descriptor, all);
    }

    private static int negatedErrno(MemorySegment callState) {
        return -(int) ERRNO.get(callState, 0L);
    }

    private static AssertionError impossible(Throwable t) {
        return new AssertionError("A downcall throws nothing", t);
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) SOCKET.invokeExact(state, domain, type, protocol);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public int bind(int fd, MemorySegment address, int addressLength) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) BIND.invokeExact(state, fd, address, addressLength);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public int connect(int fd, MemorySegment address, int addressLength) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) CONNECT.invokeExact(state, fd, address, addressLength);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public int getsockname(int fd, MemorySegment address, MemorySegment addressLength) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) GETSOCKNAME.invokeExact(state, fd, address, addressLength);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public long send(int fd, MemorySegment buffer, long length, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            long result = (long) SEND.invokeExact(state, fd, buffer, length, flags);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public int sendmmsg(int fd, MemorySegment messages, int count, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) SENDMMSG.invokeExact(state, fd, messages, count, flags);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public int setsockopt(int fd, int level, int name, MemorySegment value, int valueLength) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) SETSOCKOPT.invokeExact(state, fd, level, name, value, valueLength);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public int getsockopt(
            int fd, int level, int name, MemorySegment value, MemorySegment valueLength) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) GETSOCKOPT.invokeExact(state, fd, level, name, value, valueLength);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public long mmap(long address, long length, int protection, int flags, int fd, long offset) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            long result =
                    (long) MMAP.invokeExact(state, address, length, protection, flags, fd, offset);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public int munmap(long address, long length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) MUNMAP.invokeExact(state, address, length);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public int poll(MemorySegment pollFds, long count, int timeoutMs) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) POLL.invokeExact(state, pollFds, count, timeoutMs);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public int eventfd(int initialValue, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) EVENTFD.invokeExact(state, initialValue, flags);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public long read(int fd, MemorySegment buffer, long count) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            long result = (long) READ.invokeExact(state, fd, buffer, count);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public long write(int fd, MemorySegment buffer, long count) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            long result = (long) WRITE.invokeExact(state, fd, buffer, count);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public long recv(int fd, MemorySegment buffer, long length, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            long result = (long) RECV.invokeExact(state, fd, buffer, length, flags);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public int bpf(int command, MemorySegment attributes, int size) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            long result =
                    (long)
                            SYSCALL_BPF.invokeExact(
                                    state, BPF_CALL_NUMBER, command, attributes, size);
            return result == -1 ? negatedErrno(state) : (int) result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public int ioctl(int fd, long request, MemorySegment argument) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) IOCTL.invokeExact(state, fd, request, argument);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public int open(MemorySegment path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) OPEN.invokeExact(state, path, flags);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public int close(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) CLOSE.invokeExact(state, fd);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public int sched_setaffinity(int pid, long cpuSetSize, MemorySegment cpuSet) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) SCHED_SETAFFINITY.invokeExact(state, pid, cpuSetSize, cpuSet);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public int setns(int fd, int namespaceType) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) SETNS.invokeExact(state, fd, namespaceType);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    @Override
    public int capset(MemorySegment header, MemorySegment data) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) CAPSET.invokeExact(state, header, data);
            return result == -1 ? negatedErrno(state) : result;
        } catch (Throwable t) {
            throw impossible(t);
        }
    }
}
