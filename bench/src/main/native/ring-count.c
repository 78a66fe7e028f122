// Counts the packets of an interface, and nothing else: the least that a reader of a TPACKET_V3 ring can do.
//
//     ring-count --interface IF --seconds S [--block-bytes N] [--blocks N] [--copy] [--cpu N]
//
// With --copy each packet also goes, behind a time and a length, into a buffer that is filled again and again: the least
// that a reader can do which keeps packets.
//
// Result: {"packets":..., "bytes":..., "drops":..., "freezes":..., "cpuNs":...}; drops and freezes are the kernel's
// (PACKET_STATISTICS of packet(7)), the CPU time is the reader's from its first look at the ring on.
#include "tool.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>

enum {
    BLOCK_TIMEOUT_MS = 50,
    SLOT_BYTES = 2048,        // for the kernel's sanity checks alone
    COPY_BYTES = 256 << 10,   // a packet batch of Ringtail
};

struct options {
    int interface; // index
    int64_t seconds;
    unsigned block_bytes;
    unsigned blocks;
    bool copy;
    int cpu;
};

struct ring {
    int socket;
    uint8_t *memory;
    unsigned block_bytes;
    unsigned blocks;
};

struct counts {
    uint64_t packets;
    uint64_t bytes;
};

static const char need_raw[] = "CAP_NET_RAW is needed";

static struct ring open_ring(const struct options *options) {
    struct ring ring = {.block_bytes = options->block_bytes, .blocks = options->blocks};
    // Protocol 0: nothing arrives before the ring is there.
    ring.socket = socket(AF_PACKET, SOCK_RAW, 0);
    int version = TPACKET_V3;
    if (ring.socket < 0 || setsockopt(ring.socket, SOL_PACKET, PACKET_VERSION, &version, sizeof version) < 0) {
        fail("socket(AF_PACKET)", need_raw);
    }
    size_t length = (size_t) ring.block_bytes * ring.blocks;
    struct tpacket_req3 request = {
            .tp_block_size = ring.block_bytes,
            .tp_block_nr = ring.blocks,
            .tp_frame_size = SLOT_BYTES,
            .tp_frame_nr = length / SLOT_BYTES,
            .tp_retire_blk_tov = BLOCK_TIMEOUT_MS,
    };
    if (setsockopt(ring.socket, SOL_PACKET, PACKET_RX_RING, &request, sizeof request) < 0) {
        fail("setsockopt(PACKET_RX_RING)", "give it fewer or smaller blocks, each a multiple of the page size");
    }
    ring.memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, ring.socket, 0);
    if (ring.memory == MAP_FAILED) {
        fail("mmap", "give it fewer or smaller blocks");
    }
    struct sockaddr_ll address = {
            .sll_family = AF_PACKET,
            .sll_protocol = htons(ETH_P_ALL),
            .sll_ifindex = options->interface,
    };
    if (bind(ring.socket, (struct sockaddr *) &address, sizeof address) < 0) {
        fail("bind", "see whether the interface is up: ip link");
    }
    return ring;
}

static uint64_t walk(const struct tpacket_block_desc *block) {
    uint64_t bytes = 0;
    const uint8_t *at = (const uint8_t *) block + block->hdr.bh1.offset_to_first_pkt;
    for (unsigned i = 0; i < block->hdr.bh1.num_pkts; i++) {
        const struct tpacket3_hdr *packet = (const void *) at;
        bytes += packet->tp_len;
        at += packet->tp_next_offset;
    }
    return bytes;
}

static uint64_t walk_and_copy(const struct tpacket_block_desc *block) {
    static uint8_t copies[COPY_BYTES];
    static size_t end;
    uint64_t bytes = 0;
    const uint8_t *at = (const uint8_t *) block + block->hdr.bh1.offset_to_first_pkt;
    for (unsigned i = 0; i < block->hdr.bh1.num_pkts; i++) {
        const struct tpacket3_hdr *packet = (const void *) at;
        struct {
            uint64_t time_ns;
            uint64_t bytes;
        } header = {packet->tp_sec * UINT64_C(1000000000) + packet->tp_nsec, packet->tp_snaplen};
        if (end + sizeof header + packet->tp_snaplen > sizeof copies) {
            end = 0;
        }
        memcpy(copies + end, &header, sizeof header);
        memcpy(copies + end + sizeof header, at + packet->tp_mac, packet->tp_snaplen);
        end += sizeof header + packet->tp_snaplen;
        bytes += packet->tp_len;
        at += packet->tp_next_offset;
    }
    __asm__ volatile("" : : "r"(copies) : "memory"); // for the compiler, somebody reads them
    return bytes;
}

// Until the end of the run, then what is left in the ring: until nothing comes for longer than a block is kept open, at
// most the ring once.
static struct counts read_ring(const struct ring *ring, bool copy) {
    struct counts counts = {0};
    struct pollfd readable = {.fd = ring->socket, .events = POLLIN | POLLERR};
    for (unsigned i = 0, left = ring->blocks; left > 0; i = (i + 1) % ring->blocks) {
        struct tpacket_block_desc *block = (void *) (ring->memory + (size_t) i * ring->block_bytes);
        uint32_t *status = &block->hdr.bh1.block_status;
        while (!(__atomic_load_n(status, __ATOMIC_ACQUIRE) & TP_STATUS_USER)) {
            bool last = stopped;
            if (poll(&readable, 1, 2 * BLOCK_TIMEOUT_MS) == 0 && last) {
                return counts;
            }
        }
        counts.packets += block->hdr.bh1.num_pkts;
        counts.bytes += copy ? walk_and_copy(block) : walk(block);
        __atomic_store_n(status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
        left -= stopped;
    }
    return counts;
}

static struct options parse(int argc, char **argv) {
    static const struct option known[] = {
            {"interface", required_argument, NULL, 'i'}, {"seconds", required_argument, NULL, 's'},
            {"block-bytes", required_argument, NULL, 'b'}, {"blocks", required_argument, NULL, 'n'},
            {"copy", no_argument, NULL, 'p'},            {"cpu", required_argument, NULL, 'c'},
            {NULL, 0, NULL, 0},
    };
    struct options options = {.block_bytes = 1 << 20, .blocks = 64, .cpu = -1};
    int letter;
    while ((letter = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (letter) {
        case 'i': options.interface = interface_index(optarg); break;
        case 's': options.seconds = number("seconds", optarg, 1, MAX_SECONDS); break;
        case 'b': options.block_bytes = number("block-bytes", optarg, 4096, 64 << 20); break;
        case 'n': options.blocks = number("blocks", optarg, 2, UINT16_MAX); break;
        case 'p': options.copy = true; break;
        case 'c': options.cpu = number("cpu", optarg, 0, CPU_SETSIZE - 1); break;
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
    struct ring ring = open_ring(&options);
    listening();
    stop_after(options.seconds);
    int64_t started_ns = cpu_ns();
    struct counts counts = read_ring(&ring, options.copy);
    int64_t used_ns = cpu_ns() - started_ns;
    struct tpacket_stats_v3 statistics;
    socklen_t length = sizeof statistics;
    if (getsockopt(ring.socket, SOL_PACKET, PACKET_STATISTICS, &statistics, &length) < 0) {
        fail("getsockopt(PACKET_STATISTICS)", need_raw);
    }
    printf("{\"packets\":%llu,\"bytes\":%llu,\"drops\":%u,\"freezes\":%u,\"cpuNs\":%lld}\n",
            (unsigned long long) counts.packets, (unsigned long long) counts.bytes, statistics.tp_drops,
            statistics.tp_freeze_q_cnt, (long long) used_ns);
    return 0;
}
