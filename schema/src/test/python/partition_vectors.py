#!/usr/bin/env python3
"""Writes partition-vectors.csv: the partition specification of schema/README.md in a second
language, so that the vectors do not come from the code that is tested with them.

Usage: partition_vectors.py > ../../main/resources/dev/ringtail/schema/partition-vectors.csv
"""
import struct
from ipaddress import ip_address

ETHERNET, RAW, SLL, USB = 1, 101, 113, 220
TCP, UDP, ICMP, DCCP, ICMPV6, SCTP, UDPLITE = 6, 17, 1, 33, 58, 132, 136
WITH_PORTS = {TCP, UDP, DCCP, SCTP, UDPLITE}
VLAN = {0x8100, 0x88A8, 0x9100, 0x9200}
M = 0xFFFFFFFF


def murmur2(data):
    h = (0x9747B28C ^ len(data)) & M
    words = len(data) // 4
    for i in range(words):
        k = struct.unpack_from("<I", data, 4 * i)[0] * 0x5BD1E995 & M
        k = (k ^ k >> 24) * 0x5BD1E995 & M
        h = (h * 0x5BD1E995 & M) ^ k
    tail = data[4 * words:]
    for i in reversed(range(len(tail))):
        h ^= tail[i] << 8 * i
    if tail:
        h = h * 0x5BD1E995 & M
    h = (h ^ h >> 13) * 0x5BD1E995 & M
    return h ^ h >> 15


def canonical(link_type, frame):
    if link_type == ETHERNET and len(frame) >= 14:
        ether_type, at = struct.unpack_from(">H", frame, 12)[0], 14
        while ether_type in VLAN and at + 4 <= len(frame):
            ether_type, at = struct.unpack_from(">H", frame, at + 2)[0], at + 4
        ip = {0x0800: ipv4, 0x86DD: ipv6}.get(ether_type, lambda _: None)(frame[at:])
        return ip or b"".join(sorted([frame[0:6], frame[6:12]])) + struct.pack(">H", ether_type)
    if link_type == SLL and len(frame) >= 16:
        ether_type = struct.unpack_from(">H", frame, 14)[0]
        ip = {0x0800: ipv4, 0x86DD: ipv6}.get(ether_type, lambda _: None)(frame[16:])
        return ip or struct.pack(">I", link_type)
    if link_type == RAW and frame:
        return (ipv6 if frame[0] >> 4 == 6 else ipv4)(frame) or struct.pack(">I", link_type)
    return struct.pack(">I", link_type)


def ipv4(p):
    if len(p) < 20 or p[0] >> 4 != 4:
        return None
    fragment = struct.unpack_from(">H", p, 6)[0] & 0x3FFF != 0
    header = (p[0] & 15) * 4
    payload = b"" if fragment or header < 20 else p[header:]
    return pair(p[12:16], p[16:20], p[9], payload)


def ipv6(p):
    if len(p) < 40 or p[0] >> 4 != 6:
        return None
    protocol, at, fragment = p[6], 40, False
    for _ in range(8):
        if protocol not in (0, 43, 44, 51, 60):
            break
        if len(p) - at < 8:
            return pair(p[8:24], p[24:40], protocol, b"")
        following = p[at]
        if protocol == 44:
            fragment = struct.unpack_from(">H", p, at + 2)[0] & 0xFFF9 != 0
            at += 8
        else:
            at += (p[at + 1] + 2) * 4 if protocol == 51 else (p[at + 1] + 1) * 8
        protocol = following
        if fragment:
            break
    return pair(p[8:24], p[24:40], protocol, b"" if fragment else p[at:])


def pair(source, destination, protocol, payload):
    if protocol in WITH_PORTS and len(payload) >= 4:
        low, high = sorted([(source, payload[0:2]), (destination, payload[2:4])])
        return low[0] + high[0] + low[1] + high[1] + bytes([protocol])
    low, high = sorted([source, destination])
    return low + high + bytes([protocol])


# Frames

MAC_A, MAC_B = bytes.fromhex("021a4b000001"), bytes.fromhex("0a0000000002")


def ethernet(payload, ether_type, tags=b"", source=MAC_A, destination=MAC_B):
    return destination + source + tags + struct.pack(">H", ether_type) + payload


def ip4(source, destination, protocol, payload, fragment=0, options=b""):
    return struct.pack(
        ">BBHHHBBH4s4s", 0x45 + len(options) // 4, 0, 20 + len(options) + len(payload), 0x1234,
        fragment, 64, protocol, 0, ip_address(source).packed, ip_address(destination).packed,
    ) + options + payload


def ip6(source, destination, protocol, payload):
    return struct.pack(
        ">IHBB16s16s", 6 << 28, len(payload), protocol, 64,
        ip_address(source).packed, ip_address(destination).packed) + payload


def udp(source, destination, data=b"data"):
    return struct.pack(">HHHH", source, destination, 8 + len(data), 0) + data


def tcp(source, destination):
    return struct.pack(">HHIIHHHH", source, destination, 1, 2, 0x5018, 1024, 0, 0) + b"data"


A, B = "10.0.0.1", "192.168.200.254"
A6, B6 = "2001:db8::1", "fe80::ffff:2"
Q = bytes.fromhex("81000064")
QINQ = bytes.fromhex("88a8006481000065")

VECTORS = [
    ("ipv4-tcp", ETHERNET, ethernet(ip4(A, B, TCP, tcp(40000, 80)), 0x0800)),
    ("ipv4-tcp-reverse", ETHERNET, ethernet(ip4(B, A, TCP, tcp(80, 40000)), 0x0800)),
    ("ipv4-udp", ETHERNET, ethernet(ip4(A, B, UDP, udp(5353, 53)), 0x0800)),
    ("ipv4-udp-reverse", ETHERNET, ethernet(ip4(B, A, UDP, udp(53, 5353)), 0x0800)),
    ("ipv4-udp-same-address", ETHERNET, ethernet(ip4("127.0.0.1", "127.0.0.1", UDP, udp(40000, 53)), 0x0800)),
    ("ipv4-udp-same-address-reverse", ETHERNET, ethernet(ip4("127.0.0.1", "127.0.0.1", UDP, udp(53, 40000)), 0x0800)),
    ("ipv4-udp-options", ETHERNET, ethernet(ip4(A, B, UDP, udp(5353, 53), options=b"\x94\x04\0\0"), 0x0800)),
    ("ipv4-sctp", ETHERNET, ethernet(ip4(A, B, SCTP, udp(36412, 36413)), 0x0800)),
    ("ipv4-dccp", ETHERNET, ethernet(ip4(A, B, DCCP, udp(5001, 5002)), 0x0800)),
    ("ipv4-udp-lite", ETHERNET, ethernet(ip4(A, B, UDPLITE, udp(5001, 5002)), 0x0800)),
    ("ipv4-icmp", ETHERNET, ethernet(ip4(A, B, ICMP, bytes.fromhex("0800f7ff00000000")), 0x0800)),
    ("ipv4-icmp-reverse", ETHERNET, ethernet(ip4(B, A, ICMP, bytes.fromhex("0000ffff00000000")), 0x0800)),
    ("ipv4-gre", ETHERNET, ethernet(ip4(A, B, 47, bytes.fromhex("00000800")), 0x0800)),
    ("ipv4-first-fragment", ETHERNET, ethernet(ip4(A, B, UDP, udp(5353, 53), fragment=0x2000), 0x0800)),
    ("ipv4-later-fragment", ETHERNET, ethernet(ip4(A, B, UDP, b"more-data", fragment=0x00B9), 0x0800)),
    ("ipv4-truncated-ports", ETHERNET, ethernet(ip4(A, B, UDP, udp(5353, 53))[:23], 0x0800)),
    ("ipv4-truncated-addresses", ETHERNET, ethernet(ip4(A, B, UDP, udp(5353, 53))[:19], 0x0800)),
    ("ipv6-tcp", ETHERNET, ethernet(ip6(A6, B6, TCP, tcp(40000, 443)), 0x86DD)),
    ("ipv6-tcp-reverse", ETHERNET, ethernet(ip6(B6, A6, TCP, tcp(443, 40000)), 0x86DD)),
    ("ipv6-udp", ETHERNET, ethernet(ip6(A6, B6, UDP, udp(546, 547)), 0x86DD)),
    ("ipv6-udp-reverse", ETHERNET, ethernet(ip6(B6, A6, UDP, udp(547, 546)), 0x86DD)),
    ("ipv6-icmpv6", ETHERNET, ethernet(ip6(A6, B6, ICMPV6, bytes.fromhex("8000000000000000")), 0x86DD)),
    ("ipv6-hop-by-hop-udp", ETHERNET, ethernet(ip6(A6, B6, 0, bytes.fromhex("1100050200000000") + udp(546, 547)), 0x86DD)),
    ("ipv6-first-fragment", ETHERNET, ethernet(ip6(A6, B6, 44, bytes.fromhex("1100000100000007") + udp(546, 547)), 0x86DD)),
    ("ipv6-later-fragment", ETHERNET, ethernet(ip6(A6, B6, 44, bytes.fromhex("110005a800000007") + b"more-data"), 0x86DD)),
    ("ipv6-atomic-fragment", ETHERNET, ethernet(ip6(A6, B6, 44, bytes.fromhex("1100000000000007") + udp(546, 547)), 0x86DD)),
    ("vlan-ipv4-udp", ETHERNET, ethernet(ip4(A, B, UDP, udp(5353, 53)), 0x0800, Q)),
    ("qinq-ipv4-udp", ETHERNET, ethernet(ip4(A, B, UDP, udp(5353, 53)), 0x0800, QINQ)),
    ("vlan-arp", ETHERNET, ethernet(bytes(28), 0x0806, Q)),
    ("arp", ETHERNET, ethernet(bytes(28), 0x0806)),
    ("arp-reverse", ETHERNET, ethernet(bytes(28), 0x0806, source=MAC_B, destination=MAC_A)),
    ("ieee-802.3", ETHERNET, ethernet(bytes.fromhex("424203") + bytes(35), 38)),
    ("runt-10-bytes", ETHERNET, MAC_B + MAC_A[:4]),
    ("raw-ipv4-udp", RAW, ip4(A, B, UDP, udp(5353, 53))),
    ("raw-ipv6-tcp", RAW, ip6(A6, B6, TCP, tcp(40000, 443))),
    ("linux-sll-ipv4-tcp", SLL, bytes.fromhex("00000001000602000000000100000800") + ip4(A, B, TCP, tcp(40000, 80))),
    ("linux-sll-arp", SLL, bytes.fromhex("00000001000602000000000100000806") + bytes(28)),
    ("usb", USB, bytes(64)),
    ("empty", ETHERNET, b""),
]

print("name,linkType,frame,canonical,hash,partitionOf16")
for name, link_type, frame in VECTORS:
    key = canonical(link_type, frame)
    value = murmur2(key)
    print(f"{name},{link_type},{frame.hex()},{key.hex()},{value:08x},{(value & 0x7FFFFFFF) % 16}")
