// Publishes packets the plain way, one Kafka message each, by libpcap and librdkafka. A message's value is the packet,
// its key the header that a capture file would give it; it is in the partition of its flow, both ways alike. Without
// these two nobody could make a capture file, or an analysis of flows, of the topic.
//
//     pcap-kafka --interface IF --bootstrap-server HOST:PORT --topic T --seconds S
//
// Both are given what makes them fast: a ring of 64 MiB, large batches, no report for each message that arrived. What is
// promised is what Ringtail promises: idempotent, acknowledged by all replicas, LZ4. A full queue holds the reader up,
// so that it is the kernel that drops.
//
// Result: {"received":..., "dropped":..., "acknowledged":..., "cpuNs":...}; received from libpcap, dropped by the kernel
// meanwhile, and the CPU time of all threads from the start of the capture to the last acknowledgement.
#include "tool.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <librdkafka/rdkafka.h>
#include <pcap/pcap.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <poll.h>
#include <string.h>

enum {
    SNAP_LENGTH = 262144,
    BUFFER_BYTES = 64 << 20,
    LEAST_PACKET_BYTES = 144, // of the buffer, with header and padding
    READ_TIMEOUT_MS = 50,
    DISPATCH_PACKETS = 10000,
    TOPIC_TIMEOUT_MS = 10000,
    FLUSH_TIMEOUT_MS = 20000,
};

struct options {
    const char *interface;
    const char *servers;
    const char *topic;
    int64_t seconds;
};

static const char *const producer_settings[][2] = {
        {"acks", "all"},
        {"enable.idempotence", "true"},
        {"compression.type", "lz4"},
        {"batch.num.messages", "100000"},
        {"queue.buffering.max.messages", "1000000"},
        {"delivery.report.only.error", "true"},
};

// Of a packet in a capture file with timestamps in nanoseconds (pcap-savefile(5)).
struct record_header {
    uint32_t seconds;
    uint32_t nanoseconds;
    uint32_t captured_length;
    uint32_t original_length;
};

struct publisher {
    rd_kafka_t *kafka;
    rd_kafka_topic_t *topic;
    int32_t partitions;
    uint64_t received;
    uint64_t failed;
};

__attribute__((noreturn)) static void give_up(const char *what, const char *why) {
    fprintf(stderr, "%s: %s\n", what, why);
    exit(FAILED);
}

static void on_failure(rd_kafka_t *kafka, const rd_kafka_message_t *message, void *publisher) {
    (void) kafka;
    (void) message;
    ((struct publisher *) publisher)->failed++;
}

static void connect_to(struct publisher *publisher, const struct options *options) {
    char error[512];
    rd_kafka_conf_t *settings = rd_kafka_conf_new();
    if (rd_kafka_conf_set(settings, "bootstrap.servers", options->servers, error, sizeof error) != RD_KAFKA_CONF_OK) {
        give_up("--bootstrap-server", error);
    }
    for (size_t i = 0; i < sizeof producer_settings / sizeof *producer_settings; i++) {
        const char *const *setting = producer_settings[i];
        if (rd_kafka_conf_set(settings, setting[0], setting[1], error, sizeof error) != RD_KAFKA_CONF_OK) {
            give_up(setting[0], error);
        }
    }
    rd_kafka_conf_set_dr_msg_cb(settings, on_failure);
    rd_kafka_conf_set_opaque(settings, publisher);
    publisher->kafka = rd_kafka_new(RD_KAFKA_PRODUCER, settings, error, sizeof error);
    if (publisher->kafka == NULL) {
        give_up("rd_kafka_new", error);
    }
    publisher->topic = rd_kafka_topic_new(publisher->kafka, options->topic, NULL);
    if (publisher->topic == NULL) {
        give_up("rd_kafka_topic_new", rd_kafka_err2str(rd_kafka_last_error()));
    }
}

// Waits until the topic can be written to, as Ringtail does before the first packet; brokers learn of a new topic one
// after the other.
static void await_topic(struct publisher *publisher) {
    int64_t end_ns = now_ns() + TOPIC_TIMEOUT_MS * INT64_C(1000000);
    rd_kafka_resp_err_t error;
    do {
        const struct rd_kafka_metadata *metadata;
        error = rd_kafka_metadata(publisher->kafka, 0, publisher->topic, &metadata, TOPIC_TIMEOUT_MS);
        if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
            error = metadata->topics[0].err;
            publisher->partitions = metadata->topics[0].partition_cnt;
            rd_kafka_metadata_destroy(metadata);
        }
        if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
            return;
        }
        rd_kafka_poll(publisher->kafka, 100);
    } while (now_ns() < end_ns);
    give_up(rd_kafka_topic_name(publisher->topic), rd_kafka_err2str(error));
}

static pcap_t *capture_from(const char *interface) {
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *capture = pcap_create(interface, error);
    if (capture == NULL) {
        give_up(interface, error);
    }
    pcap_set_snaplen(capture, SNAP_LENGTH);
    pcap_set_promisc(capture, 1);
    pcap_set_timeout(capture, READ_TIMEOUT_MS);
    pcap_set_buffer_size(capture, BUFFER_BYTES);
    int status = pcap_set_tstamp_precision(capture, PCAP_TSTAMP_PRECISION_NANO);
    if (status != 0) {
        give_up("pcap_set_tstamp_precision", pcap_statustostr(status));
    }
    status = pcap_activate(capture);
    if (status < 0) {
        fprintf(stderr, "%s: %s\n", interface, pcap_geterr(capture));
        exit(status == PCAP_ERROR_PERM_DENIED ? MISSING_CAPABILITY : FAILED);
    }
    if (pcap_setnonblock(capture, 1, error) < 0) {
        give_up("pcap_setnonblock", error);
    }
    return capture;
}

// The same number for both directions of a flow of IPv4, 0 for anything else.
static uint32_t flow_hash(const u_char *frame, uint32_t length) {
    struct iphdr ip;
    uint16_t ports[2] = {0, 0};
    if (length < ETH_HLEN + sizeof ip || frame[12] != 0x08 || frame[13] != 0x00) {
        return 0;
    }
    memcpy(&ip, frame + ETH_HLEN, sizeof ip);
    uint32_t transport = ETH_HLEN + ip.ihl * 4;
    bool has_ports = ip.protocol == IPPROTO_TCP || ip.protocol == IPPROTO_UDP;
    if (has_ports && (ntohs(ip.frag_off) & 0x3fff) == 0 && transport + sizeof ports <= length) {
        memcpy(ports, frame + transport, sizeof ports);
    }
    uint32_t hash = (ip.saddr ^ ip.daddr ^ (uint32_t) (ports[0] ^ ports[1]) ^ ip.protocol) * 0x9e3779b1u;
    return hash ^ hash >> 16;
}

static void publish(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes) {
    struct publisher *publisher = (struct publisher *) user;
    struct record_header record = {
            .seconds = (uint32_t) header->ts.tv_sec,
            .nanoseconds = (uint32_t) header->ts.tv_usec, // as was asked for
            .captured_length = header->caplen,
            .original_length = header->len,
    };
    int32_t partition = (int32_t) (flow_hash(bytes, header->caplen) % (uint32_t) publisher->partitions);
    publisher->received++;
    while (rd_kafka_produce(publisher->topic, partition, RD_KAFKA_MSG_F_COPY, (void *) bytes, header->caplen, &record,
                   sizeof record, NULL)
            < 0) {
        rd_kafka_resp_err_t error = rd_kafka_last_error();
        if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            give_up("rd_kafka_produce", rd_kafka_err2str(error));
        }
        rd_kafka_poll(publisher->kafka, 10);
    }
}

// Until the end of the run, then what the kernel still holds: until nothing comes for longer than it keeps packets
// back, at most so many as its buffer holds.
//
// Waits by itself: libpcap's own wait on a TPACKET_V3 ring has no end where there are no packets.
static void publish_all(pcap_t *capture, struct publisher *publisher) {
    struct pollfd readable = {.fd = pcap_get_selectable_fd(capture), .events = POLLIN};
    for (int left = BUFFER_BYTES / LEAST_PACKET_BYTES; left > 0;) {
        int count = pcap_dispatch(capture, DISPATCH_PACKETS, publish, (u_char *) publisher);
        if (count < 0) {
            give_up("pcap_dispatch", pcap_geterr(capture));
        }
        bool last = stopped;
        if (count == 0 && poll(&readable, 1, 2 * READ_TIMEOUT_MS) == 0 && last) {
            return;
        }
        left -= last ? count : 0;
        rd_kafka_poll(publisher->kafka, 0);
    }
}

static struct options parse(int argc, char **argv) {
    static const struct option known[] = {
            {"interface", required_argument, NULL, 'i'}, {"bootstrap-server", required_argument, NULL, 'b'},
            {"topic", required_argument, NULL, 't'},     {"seconds", required_argument, NULL, 's'},
            {NULL, 0, NULL, 0},
    };
    struct options options = {0};
    int letter;
    while ((letter = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (letter) {
        case 'i': options.interface = optarg; break;
        case 'b': options.servers = optarg; break;
        case 't': options.topic = optarg; break;
        case 's': options.seconds = number("seconds", optarg, 1, MAX_SECONDS); break;
        default: exit(USAGE);
        }
    }
    require(options.interface != NULL, "--interface");
    require(options.servers != NULL, "--bootstrap-server");
    require(options.topic != NULL, "--topic");
    require(options.seconds != 0, "--seconds");
    interface_index(options.interface);
    return options;
}

int main(int argc, char **argv) {
    struct options options = parse(argc, argv);
    struct publisher publisher = {0};
    connect_to(&publisher, &options);
    await_topic(&publisher);
    pcap_t *capture = capture_from(options.interface);
    listening();
    stop_after(options.seconds);
    int64_t started_ns = cpu_ns();
    publish_all(capture, &publisher);
    rd_kafka_flush(publisher.kafka, FLUSH_TIMEOUT_MS);
    int64_t used_ns = cpu_ns() - started_ns;
    struct pcap_stat statistics;
    if (pcap_stats(capture, &statistics) < 0) {
        give_up("pcap_stats", pcap_geterr(capture));
    }
    uint64_t open = rd_kafka_outq_len(publisher.kafka);
    printf("{\"received\":%llu,\"dropped\":%u,\"acknowledged\":%llu,\"cpuNs\":%lld}\n",
            (unsigned long long) publisher.received, statistics.ps_drop,
            (unsigned long long) (publisher.received - publisher.failed - open), (long long) used_ns);
    return 0;
}
