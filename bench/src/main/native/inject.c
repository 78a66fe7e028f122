// Injects UDP/IPv4 frames into the receive path of an interface, as if its driver had received them:
//
//     inject --interface IF --seconds S --bytes N|mix --flows F [--rate PPS] [--batch N] [--cpu N] [--count N]
//
// How: bpf(BPF_PROG_TEST_RUN) with BPF_F_TEST_XDP_LIVE_FRAMES (kernel: Documentation/bpf/bpf_prog_run.rst) runs an XDP
// program on copies of one frame and gives each to the network stack when it returns XDP_PASS. The copies live in
// recycled pages, so a run finds in its page what an earlier run left there; the program below therefore writes
// everything that varies into each frame:
//
//     IPv4 source address and UDP source port    one of F flows, in turn: frame n is of flow n mod F
//     IPv4 header checksum                       right for each frame; UDP's is 0, not computed (RFC 768)
//     lengths                                    with --bytes mix: 60, 590 and 1514 bytes as 7:4:1 (simple IMIX)
//     payload                                    random bytes XOR a random word per frame, so that no two frames share
//                                                four bytes but by chance: nothing for LZ4 or Zstandard to find
//
// Addresses are of 198.18.0.0/15, set aside for benchmarks (RFC 2544, RFC 6890), MAC addresses of those for
// documentation (RFC 7042): the stack takes the frames for another host's and drops them after the packet sockets.
//
// Result: {"frames":..., "bytes":..., "seconds":..., "cpuNs":...}; frames and bytes are counted by the program itself,
// bytes without frame check sequence. The CPU time has the receive path in it, packet sockets too.
#include "tool.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum {
    SMALL_BYTES = 60,
    MEDIUM_BYTES = 590,
    LARGE_BYTES = 1514,
    MAX_FLOWS = 1 << 30, // 2^16 addresses with 2^14 ports each
    MAX_BATCH = 256,     // TEST_XDP_MAX_BATCH of the kernel
    UNPACED_FRAMES = 1 << 15,
    BURSTS_PER_SECOND = 2000,
};

// The frame, as in memory; payload follows.
struct __attribute__((packed)) headers {
    struct ethhdr ethernet;
    struct iphdr ip;
    struct udphdr udp;
};

enum {
    IP_LENGTH_AT = offsetof(struct headers, ip.tot_len),
    IP_CHECKSUM_AT = offsetof(struct headers, ip.check),
    SOURCE_ADDRESS_LOW_AT = offsetof(struct headers, ip.saddr) + 2,
    SOURCE_PORT_AT = offsetof(struct headers, udp.source),
    UDP_LENGTH_AT = offsetof(struct headers, udp.len),
};

// Written by the XDP program, read by this process: the value of a memory-mapped array map.
struct progress {
    uint64_t frames;
    uint64_t bytes;
};

struct options {
    int interface; // index
    int64_t seconds;
    int bytes; // 0: mix
    int flows;
    int64_t rate; // frames a second; 0: as fast as it goes
    int batch;
    int cpu;
    int64_t count;
};

// Instructions under the names of the kernel's include/linux/filter.h, which is not among its user headers.
#define INSN(CODE, DST, SRC, OFF, IMM) \
    ((struct bpf_insn) {.code = (CODE), .dst_reg = (DST), .src_reg = (SRC), .off = (OFF), .imm = (IMM)})
#define ALU64_IMM(OP, DST, IMM) INSN(BPF_ALU64 | BPF_OP(OP) | BPF_K, DST, 0, 0, IMM)
#define ALU64_REG(OP, DST, SRC) INSN(BPF_ALU64 | BPF_OP(OP) | BPF_X, DST, SRC, 0, 0)
#define MOV64_IMM(DST, IMM) ALU64_IMM(BPF_MOV, DST, IMM)
#define MOV64_REG(DST, SRC) ALU64_REG(BPF_MOV, DST, SRC)
#define BIG_ENDIAN_16(DST) INSN(BPF_ALU | BPF_END | BPF_TO_BE, DST, 0, 0, 16)
#define LDX_MEM(SIZE, DST, SRC, OFF) INSN(BPF_LDX | BPF_SIZE(SIZE) | BPF_MEM, DST, SRC, OFF, 0)
#define STX_MEM(SIZE, DST, SRC, OFF) INSN(BPF_STX | BPF_SIZE(SIZE) | BPF_MEM, DST, SRC, OFF, 0)
#define JMP_IMM(OP, DST, IMM, OFF) INSN(BPF_JMP | BPF_OP(OP) | BPF_K, DST, 0, OFF, IMM)
#define JMP_REG(OP, DST, SRC, OFF) INSN(BPF_JMP | BPF_OP(OP) | BPF_X, DST, SRC, OFF, 0)
#define CALL(FUNCTION) INSN(BPF_JMP | BPF_CALL, 0, 0, 0, FUNCTION)
#define EXIT() INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

enum { R0, R1, R2, R3, R4, R5, R6, R7, R8, R9 };

struct program {
    struct bpf_insn insns[1024];
    int length;
};

static void emit(struct program *program, struct bpf_insn insn) {
    program->insns[program->length++] = insn;
}

// Two instructions wide; `source` says what `low` and `high` mean.
static void emit_load_64(struct program *program, int register_, int source, uint32_t low, uint32_t high) {
    emit(program, INSN(BPF_LD | BPF_DW | BPF_IMM, register_, source, 0, (int32_t) low));
    emit(program, INSN(0, 0, 0, 0, (int32_t) high));
}

// register = (register ^ register >> shift) * factor, through R2.
static void emit_mix_round(struct program *program, int register_, int shift, uint64_t factor) {
    emit(program, MOV64_REG(R2, register_));
    emit(program, ALU64_IMM(BPF_RSH, R2, shift));
    emit(program, ALU64_REG(BPF_XOR, register_, R2));
    emit_load_64(program, R2, 0, (uint32_t) factor, factor >> 32);
    emit(program, ALU64_REG(BPF_MUL, register_, R2));
}

// XORs R7 into the frame at R2, from one offset to another, in the widest steps that fit.
static void emit_payload(struct program *program, int from, int to) {
    for (int at = from; at < to;) {
        int left = to - at;
        int size = left >= 8 ? BPF_DW : left >= 4 ? BPF_W : left >= 2 ? BPF_H : BPF_B;
        emit(program, LDX_MEM(size, R4, R2, at));
        emit(program, ALU64_REG(BPF_XOR, R4, R7));
        emit(program, STX_MEM(size, R2, R4, at));
        at += size == BPF_DW ? 8 : size == BPF_W ? 4 : size == BPF_H ? 2 : 1;
    }
}

static uint16_t folded(uint32_t sum) {
    sum = (sum & 0xffff) + (sum >> 16);
    return (sum & 0xffff) + (sum >> 16);
}

// The ones' complement sum of the header's words that are the same in each frame; byte order doesn't matter to it
// (RFC 1071).
static uint16_t constant_sum(const struct headers *headers) {
    uint16_t words[sizeof headers->ip / 2];
    memcpy(words, &headers->ip, sizeof words);
    uint32_t sum = 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        sum += words[i];
    }
    return folded(sum);
}

// R6 context, R7 random word of this frame, R8 its number and then its flow, R9 its bytes; R2 the frame.
static void assemble(struct program *program, const struct options *options, const struct headers *headers, int map) {
    bool mix = options->bytes == 0;
    int sizes[] = {mix ? SMALL_BYTES : options->bytes, MEDIUM_BYTES, LARGE_BYTES};

    emit(program, MOV64_REG(R6, R1));
    emit_load_64(program, R1, BPF_PSEUDO_MAP_VALUE, map, 0);
    emit(program, LDX_MEM(BPF_DW, R8, R1, offsetof(struct progress, frames)));
    emit(program, MOV64_REG(R2, R8));
    emit(program, ALU64_IMM(BPF_ADD, R2, 1));
    emit(program, STX_MEM(BPF_DW, R1, R2, offsetof(struct progress, frames)));

    // SplitMix64 of the number: the same sizes in each run.
    emit_load_64(program, R7, 0, 0x7f4a7c15, 0x9e3779b9);
    emit(program, ALU64_REG(BPF_MUL, R7, R2));
    emit_mix_round(program, R7, 30, UINT64_C(0xbf58476d1ce4e5b9));
    emit_mix_round(program, R7, 27, UINT64_C(0x94d049bb133111eb));

    emit(program, MOV64_IMM(R9, sizes[0]));
    if (mix) {
        emit(program, MOV64_REG(R2, R7));
        emit(program, ALU64_IMM(BPF_RSH, R2, 32));
        emit(program, ALU64_IMM(BPF_MOD, R2, 7 + 4 + 1));
        emit(program, JMP_IMM(BPF_JLT, R2, 7, 3));
        emit(program, MOV64_IMM(R9, sizes[1]));
        emit(program, JMP_IMM(BPF_JLT, R2, 7 + 4, 1));
        emit(program, MOV64_IMM(R9, sizes[2]));
    }
    emit(program, LDX_MEM(BPF_DW, R2, R1, offsetof(struct progress, bytes)));
    emit(program, ALU64_REG(BPF_ADD, R2, R9));
    emit(program, STX_MEM(BPF_DW, R1, R2, offsetof(struct progress, bytes)));
    if (mix) {
        emit(program, MOV64_REG(R1, R6));
        emit(program, MOV64_REG(R2, R9));
        emit(program, ALU64_IMM(BPF_SUB, R2, LARGE_BYTES));
        emit(program, CALL(BPF_FUNC_xdp_adjust_tail));
    }
    emit(program, MOV64_IMM(R0, XDP_PASS));
    emit(program, LDX_MEM(BPF_W, R2, R6, offsetof(struct xdp_md, data)));
    emit(program, LDX_MEM(BPF_W, R3, R6, offsetof(struct xdp_md, data_end)));

    // Payload, size after size: a frame of the mix leaves where it ends. The jump's target is known further down.
    int leave[3];
    int at = sizeof(struct headers);
    for (int i = 0; i < (mix ? 3 : 1); i++) {
        emit(program, MOV64_REG(R4, R2));
        emit(program, ALU64_IMM(BPF_ADD, R4, sizes[i]));
        leave[i] = program->length;
        emit(program, JMP_REG(BPF_JGT, R4, R3, 0));
        emit_payload(program, at, sizes[i]);
        at = sizes[i];
    }
    for (int i = 0; i < (mix ? 3 : 1); i++) {
        program->insns[leave[i]].off = program->length - leave[i] - 1;
    }
    // For the verifier, which saw frames leave with any length.
    emit(program, MOV64_REG(R4, R2));
    emit(program, ALU64_IMM(BPF_ADD, R4, sizeof(struct headers)));
    int headers_end = program->length;
    emit(program, JMP_REG(BPF_JGT, R4, R3, 0));

    emit(program, ALU64_IMM(BPF_MOD, R8, options->flows));
    // R5 is the header's sum.
    emit(program, MOV64_IMM(R5, constant_sum(headers)));
    emit(program, MOV64_REG(R4, R9));
    emit(program, ALU64_IMM(BPF_SUB, R4, offsetof(struct headers, ip)));
    emit(program, BIG_ENDIAN_16(R4));
    emit(program, STX_MEM(BPF_H, R2, R4, IP_LENGTH_AT));
    emit(program, ALU64_REG(BPF_ADD, R5, R4));
    emit(program, MOV64_REG(R4, R8));
    emit(program, BIG_ENDIAN_16(R4));
    emit(program, STX_MEM(BPF_H, R2, R4, SOURCE_ADDRESS_LOW_AT));
    emit(program, ALU64_REG(BPF_ADD, R5, R4));
    for (int carry = 0; carry < 2; carry++) {
        emit(program, MOV64_REG(R4, R5));
        emit(program, ALU64_IMM(BPF_RSH, R4, 16));
        emit(program, ALU64_IMM(BPF_AND, R5, 0xffff));
        emit(program, ALU64_REG(BPF_ADD, R5, R4));
    }
    emit(program, ALU64_IMM(BPF_XOR, R5, 0xffff));
    emit(program, STX_MEM(BPF_H, R2, R5, IP_CHECKSUM_AT));

    // Low half of the flow and its upper bits: a pair of address and port is one flow, up to MAX_FLOWS.
    emit(program, MOV64_REG(R4, R8));
    emit(program, ALU64_IMM(BPF_RSH, R4, 16));
    emit(program, ALU64_REG(BPF_ADD, R4, R8));
    emit(program, ALU64_IMM(BPF_AND, R4, 0x3fff));
    emit(program, ALU64_IMM(BPF_OR, R4, 0xc000)); // dynamic ports (RFC 6335)
    emit(program, BIG_ENDIAN_16(R4));
    emit(program, STX_MEM(BPF_H, R2, R4, SOURCE_PORT_AT));
    emit(program, MOV64_REG(R4, R9));
    emit(program, ALU64_IMM(BPF_SUB, R4, offsetof(struct headers, udp)));
    emit(program, BIG_ENDIAN_16(R4));
    emit(program, STX_MEM(BPF_H, R2, R4, UDP_LENGTH_AT));

    program->insns[headers_end].off = program->length - headers_end - 1;
    emit(program, EXIT());
}

static int bpf(enum bpf_cmd command, union bpf_attr *attributes) {
    return syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

static uint64_t pointer(const void *memory) {
    return (uintptr_t) memory;
}

static int create_map(void) {
    union bpf_attr attributes = {
            .map_type = BPF_MAP_TYPE_ARRAY,
            .key_size = sizeof(uint32_t),
            .value_size = sizeof(struct progress),
            .max_entries = 1,
            .map_flags = BPF_F_MMAPABLE,
    };
    int map = bpf(BPF_MAP_CREATE, &attributes);
    if (map < 0) {
        fail("bpf(BPF_MAP_CREATE)", "CAP_BPF is needed");
    }
    return map;
}

static int load(const struct program *program) {
    static char log[1 << 16];
    union bpf_attr attributes = {
            .prog_type = BPF_PROG_TYPE_XDP,
            .insns = pointer(program->insns),
            .insn_cnt = program->length,
            .license = pointer("GPL"),
            .log_buf = pointer(log),
            .log_size = sizeof log,
            .log_level = 1,
    };
    int loaded = bpf(BPF_PROG_LOAD, &attributes);
    if (loaded < 0) {
        int error = errno;
        fputs(log, stderr);
        errno = error;
        fail("bpf(BPF_PROG_LOAD)", "CAP_BPF and CAP_NET_ADMIN are needed, and Linux 5.18 or newer");
    }
    return loaded;
}

// Attaches the program where nothing is ever received: to the loopback interface of a network namespace of its own.
//
// The kernel lists the XDP programs in use in a dispatcher (net/core/filter.c, bpf_prog_change_xdp) and rebuilds that
// for each BPF_PROG_TEST_RUN of a program that isn't in it, which waits for RCU: 25 ms a call, where a paced run makes
// 2000 calls a second.
static void keep_dispatched(int program) {
    int home = open("/proc/thread-self/ns/net", O_RDONLY);
    if (home < 0 || unshare(CLONE_NEWNET) < 0) {
        fail("unshare(CLONE_NEWNET)", "CAP_SYS_ADMIN is needed");
    }
    // Both stay open until the process ends: they keep the namespace and the attachment.
    int elsewhere = open("/proc/thread-self/ns/net", O_RDONLY);
    union bpf_attr attributes = {
            .link_create =
                    {
                            .prog_fd = program,
                            .target_ifindex = interface_index("lo"),
                            .attach_type = BPF_XDP,
                            .flags = XDP_FLAGS_SKB_MODE,
                    },
    };
    if (elsewhere < 0 || bpf(BPF_LINK_CREATE, &attributes) < 0) {
        fail("bpf(BPF_LINK_CREATE)", "CAP_NET_ADMIN is needed");
    }
    if (setns(home, CLONE_NEWNET) < 0) {
        fail("setns", "CAP_SYS_ADMIN is needed");
    }
    close(home);
}

static void fill_headers(struct headers *headers) {
    *headers = (struct headers) {
            .ethernet =
                    {
                            .h_dest = {0x00, 0x00, 0x5e, 0x00, 0x53, 0x01},
                            .h_source = {0x00, 0x00, 0x5e, 0x00, 0x53, 0x02},
                            .h_proto = htons(ETH_P_IP),
                    },
            .ip =
                    {
                            .version = 4,
                            .ihl = sizeof(struct iphdr) / 4,
                            .frag_off = htons(0x4000), // don't fragment
                            .ttl = 64,
                            .protocol = IPPROTO_UDP,
                            .saddr = htonl(0xc6120000), // 198.18.0.0
                            .daddr = htonl(0xc6130001), // 198.19.0.1
                    },
            .udp = {.dest = htons(9)}, // discard
    };
}

static void fill_payload(uint8_t *frame, int bytes) {
    srandom(1);
    for (int i = sizeof(struct headers); i < bytes; i++) {
        frame[i] = random() >> 8;
    }
}

// Frames that may go now: one burst, what the rate has made due, or none and a short sleep.
static int64_t due_frames(const struct options *options, int64_t started_ns, int64_t sent) {
    if (options->rate == 0) {
        return UNPACED_FRAMES;
    }
    int64_t burst = options->rate / BURSTS_PER_SECOND > 0 ? options->rate / BURSTS_PER_SECOND : 1;
    // A long double has the 64 bits that nanoseconds times rate need.
    int64_t due = (long double) (now_ns() - started_ns) * options->rate / 1e9L - sent;
    if (due >= burst) {
        return burst;
    }
    int64_t next_ns = started_ns + (int64_t) ((sent + burst) * 1e9L / options->rate);
    struct timespec next = {.tv_sec = next_ns / 1000000000, .tv_nsec = next_ns % 1000000000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    return 0;
}

static void inject(const struct options *options, int program, const uint8_t *frame, const struct progress *progress) {
    struct xdp_md context = {
            .data_end = options->bytes == 0 ? LARGE_BYTES : options->bytes,
            .ingress_ifindex = options->interface,
    };
    union bpf_attr attributes = {
            .test =
                    {
                            .prog_fd = program,
                            .data_in = pointer(frame),
                            .data_size_in = context.data_end,
                            .ctx_in = pointer(&context),
                            .ctx_size_in = sizeof context,
                            .flags = BPF_F_TEST_XDP_LIVE_FRAMES,
                            .batch_size = options->batch,
                    },
    };
    volatile const uint64_t *frames = &progress->frames;
    int64_t started_ns = now_ns();
    while (!stopped && (int64_t) *frames < options->count) {
        int64_t due = due_frames(options, started_ns, *frames);
        int64_t left = options->count - *frames;
        attributes.test.repeat = due < left ? due : left;
        if (due > 0 && bpf(BPF_PROG_TEST_RUN, &attributes) < 0 && errno != EINTR) {
            fail("bpf(BPF_PROG_TEST_RUN)", "CAP_NET_ADMIN is needed, and Linux 5.18 or newer");
        }
    }
    double seconds = (now_ns() - started_ns) / 1e9;
    printf("{\"frames\":%llu,\"bytes\":%llu,\"seconds\":%.6f,\"cpuNs\":%lld}\n", (unsigned long long) *frames,
            (unsigned long long) progress->bytes, seconds, (long long) cpu_ns());
}

static struct options parse(int argc, char **argv) {
    static const struct option known[] = {
            {"interface", required_argument, NULL, 'i'}, {"seconds", required_argument, NULL, 's'},
            {"bytes", required_argument, NULL, 'b'},     {"flows", required_argument, NULL, 'f'},
            {"rate", required_argument, NULL, 'r'},      {"batch", required_argument, NULL, 'n'},
            {"cpu", required_argument, NULL, 'c'},       {"count", required_argument, NULL, 'm'},
            {NULL, 0, NULL, 0},
    };
    struct options options = {.bytes = SMALL_BYTES, .flows = 1, .batch = 64, .cpu = -1, .count = INT64_MAX};
    int letter;
    while ((letter = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (letter) {
        case 'i': options.interface = interface_index(optarg); break;
        case 's': options.seconds = number("seconds", optarg, 1, MAX_SECONDS); break;
        case 'b':
            options.bytes = strcmp(optarg, "mix") == 0 ? 0 : number("bytes", optarg, SMALL_BYTES, LARGE_BYTES);
            break;
        case 'f': options.flows = number("flows", optarg, 1, MAX_FLOWS); break;
        case 'r': options.rate = number("rate", optarg, 1, 1000000000); break;
        case 'n': options.batch = number("batch", optarg, 1, MAX_BATCH); break;
        case 'c': options.cpu = number("cpu", optarg, 0, CPU_SETSIZE - 1); break;
        case 'm': options.count = number("count", optarg, 1, INT64_MAX); break;
        default: exit(USAGE);
        }
    }
    require(options.interface != 0, "--interface");
    require(options.seconds != 0, "--seconds");
    return options;
}

int main(int argc, char **argv) {
    struct options options = parse(argc, argv);
    pin(options.cpu);
    prctl(PR_SET_TIMERSLACK, 1); // 50 us otherwise, much of a burst's interval

    static uint8_t frame[LARGE_BYTES];
    struct headers headers;
    fill_headers(&headers);
    memcpy(frame, &headers, sizeof headers);
    fill_payload(frame, sizeof frame);

    int map = create_map();
    static struct program program;
    assemble(&program, &options, &headers, map);
    struct progress *progress = mmap(NULL, sizeof *progress, PROT_READ, MAP_SHARED, map, 0);
    if (progress == MAP_FAILED) {
        fail("mmap", "BPF_F_MMAPABLE needs Linux 5.5 or newer");
    }
    int loaded = load(&program);
    keep_dispatched(loaded);
    stop_after(options.seconds);
    inject(&options, loaded, frame, progress);
    return 0;
}
