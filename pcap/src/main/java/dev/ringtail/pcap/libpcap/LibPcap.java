package dev.ringtail.pcap.libpcap;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/// The functions and structures of libpcap that filters need, under their own names.
///
/// The layouts are those of 64-bit Linux. The first touch of this class loads the library, so
/// callers go through [LibPcapLoader#libpcap] before, which fails readably.
///
/// @see <a href="https://www.tcpdump.org/manpages/pcap.3pcap.html">pcap(3PCAP)</a>
final class LibPcap {
    /// `PCAP_ERRBUF_SIZE`: what an error buffer must hold.
    static final int PCAP_ERRBUF_SIZE = 256;

    /// `PCAP_NETMASK_UNKNOWN`: only `ip broadcast` would need to know.
    static final int PCAP_NETMASK_UNKNOWN = 0xffffffff;

    /// `PCAP_ERROR_NO_SUCH_DEVICE`.
    static final int PCAP_ERROR_NO_SUCH_DEVICE = -5;

    /// `PCAP_ERROR_PERM_DENIED`.
    static final int PCAP_ERROR_PERM_DENIED = -8;

    /// `PCAP_ERROR_IFACE_NOT_UP`.
    static final int PCAP_ERROR_IFACE_NOT_UP = -9;

    /// `struct bpf_program { u_int bf_len; struct bpf_insn *bf_insns; }`.
    static final StructLayout BPF_PROGRAM =
            MemoryLayout.structLayout(
                    JAVA_INT.withName("bf_len"),
                    MemoryLayout.paddingLayout(4),
                    ADDRESS.withName("bf_insns"));

    /// `struct bpf_insn { u_short code; u_char jt; u_char jf; bpf_u_int32 k; }`.
    static final StructLayout BPF_INSN =
            MemoryLayout.structLayout(
                    JAVA_SHORT.withName("code"),
                    JAVA_BYTE.withName("jt"),
                    JAVA_BYTE.withName("jf"),
                    JAVA_INT.withName("k"));

    /// `struct pcap_pkthdr { struct timeval ts; bpf_u_int32 caplen; bpf_u_int32 len; }`.
    static final StructLayout PCAP_PKTHDR =
            MemoryLayout.structLayout(
                    JAVA_LONG.withName("tv_sec"),
                    JAVA_LONG.withName("tv_usec"),
                    JAVA_INT.withName("caplen"),
                    JAVA_INT.withName("len"));

    // pcap_t *pcap_create(const char *source, char *errbuf);
    private static final MethodHandle PCAP_CREATE =
            link("pcap_create", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
    // int pcap_set_snaplen(pcap_t *p, int snaplen);
    private static final MethodHandle PCAP_SET_SNAPLEN =
            link("pcap_set_snaplen", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    // int pcap_activate(pcap_t *p);
    private static final MethodHandle PCAP_ACTIVATE =
            link("pcap_activate", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    // int pcap_datalink(pcap_t *p);
    private static final MethodHandle PCAP_DATALINK =
            link("pcap_datalink", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    // int pcap_set_datalink(pcap_t *p, int dlt);
    private static final MethodHandle PCAP_SET_DATALINK =
            link("pcap_set_datalink", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    // pcap_t *pcap_open_dead(int linktype, int snaplen);
    private static final MethodHandle PCAP_OPEN_DEAD =
            link("pcap_open_dead", FunctionDescriptor.of(ADDRESS, JAVA_INT, JAVA_INT));
    // int pcap_compile(pcap_t *p, struct bpf_program *fp, const char *str, int optimize,
    //         bpf_u_int32 netmask);
    private static final MethodHandle PCAP_COMPILE =
            link(
                    "pcap_compile",
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT));
    // int pcap_offline_filter(const struct bpf_program *fp, const struct pcap_pkthdr *h,
    //         const u_char *pkt);
    private static final MethodHandle PCAP_OFFLINE_FILTER =
            link(
                    "pcap_offline_filter",
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS),
                    // A few hundred instructions without a call: not worth a thread state change.
                    Linker.Option.critical(false));
    // void pcap_freecode(struct bpf_program *fp);
    private static final MethodHandle PCAP_FREECODE =
            link("pcap_freecode", FunctionDescriptor.ofVoid(ADDRESS));
    // void pcap_close(pcap_t *p);
    private static final MethodHandle PCAP_CLOSE =
            link("pcap_close", FunctionDescriptor.ofVoid(ADDRESS));
    // char *pcap_geterr(pcap_t *p);
    private static final MethodHandle PCAP_GETERR =
            link("pcap_geterr", FunctionDescriptor.of(ADDRESS, ADDRESS));
    // const char *pcap_statustostr(int error);
    private static final MethodHandle PCAP_STATUSTOSTR =
            link("pcap_statustostr", FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private LibPcap() {}

    private static MethodHandle link(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        MemorySegment symbol =
                LibPcapLoader.libpcap()
                        .find(name)
                        .orElseThrow(() -> new LinkageError("this libpcap has no " + name));
        return Linker.nativeLinker().downcallHandle(symbol, descriptor, options);
    }

    /// Returns a handle that is not active yet, or `NULL` with the reason in `errbuf`.
    static MemorySegment pcap_create(MemorySegment source, MemorySegment errbuf) {
        try {
            return (MemorySegment) PCAP_CREATE.invokeExact(source, errbuf);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// Returns 0, or an error when the handle is active already.
    static int pcap_set_snaplen(MemorySegment handle, int snaplen) {
        try {
            return (int) PCAP_SET_SNAPLEN.invokeExact(handle, snaplen);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// Returns 0, a warning above 0, or an error below.
    static int pcap_activate(MemorySegment handle) {
        try {
            return (int) PCAP_ACTIVATE.invokeExact(handle);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// Returns the `DLT_*` of an active handle.
    static int pcap_datalink(MemorySegment handle) {
        try {
            return (int) PCAP_DATALINK.invokeExact(handle);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// Returns 0, or an error where the active handle can't have that `DLT_*`.
    static int pcap_set_datalink(MemorySegment handle, int dlt) {
        try {
            return (int) PCAP_SET_DATALINK.invokeExact(handle, dlt);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// Returns a handle that can compile for a `DLT_*` but captures nothing, or `NULL` without
    /// memory.
    static MemorySegment pcap_open_dead(int linktype, int snaplen) {
        try {
            return (MemorySegment) PCAP_OPEN_DEAD.invokeExact(linktype, snaplen);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// Returns 0, or -1 with the reason in [#pcap_geterr]. The program must be freed.
    static int pcap_compile(
            MemorySegment handle,
            MemorySegment program,
            MemorySegment text,
            int optimize,
            int netmask) {
        try {
            return (int) PCAP_COMPILE.invokeExact(handle, program, text, optimize, netmask);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// Returns what the program returns for the packet: 0 when it doesn't match.
    static int pcap_offline_filter(
            MemorySegment program, MemorySegment header, MemorySegment packet) {
        try {
            return (int) PCAP_OFFLINE_FILTER.invokeExact(program, header, packet);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// Frees what [#pcap_compile] put into the program.
    static void pcap_freecode(MemorySegment program) {
        try {
            PCAP_FREECODE.invokeExact(program);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// Closes a handle of any kind.
    static void pcap_close(MemorySegment handle) {
        try {
            PCAP_CLOSE.invokeExact(handle);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// Returns the text of the handle's last error; empty when there is none.
    static String pcap_geterr(MemorySegment handle) {
        try {
            return text((MemorySegment) PCAP_GETERR.invokeExact(handle));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// Returns the text of a status that [#pcap_activate] returned.
    static String pcap_statustostr(int error) {
        try {
            return text((MemorySegment) PCAP_STATUSTOSTR.invokeExact(error));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /// Both callers get a string that ends with NUL by libpcap's contract.
    private static String text(MemorySegment address) {
        return address.reinterpret(Long.MAX_VALUE).getString(0);
    }

    private static AssertionError unexpected(Throwable t) {
        return new AssertionError("a downcall with checked types can't throw", t);
    }
}
