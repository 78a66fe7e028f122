package dev.ringtail.sensor.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringtail.pcap.LinkType;
import dev.ringtail.testing.NetworkNamespace;
import dev.ringtail.testing.Privileged;
import dev.ringtail.testing.RequiresTool;
import dev.ringtail.testing.Tools;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Link types against libpcap's, as `tcpdump -L` tells them; both for every kind of device that
/// this kernel makes, and for every hardware type, which a tun device can be given.
@Privileged
@RequiresTool("tcpdump")
class HardwareTypeIT {
    /// libpcap's names of DLT_* values (`pcap_datalink_val_to_name`); those that have none come as
    /// numbers.
    private static final Map<String, Integer> DLT_NAMES =
            Map.ofEntries(
                    Map.entry("EN10MB", LinkType.ETHERNET),
                    Map.entry("EN3MB", LinkType.EXP_ETHERNET),
                    Map.entry("AX25_KISS", LinkType.AX25_KISS),
                    Map.entry("PRONET", LinkType.PRONET),
                    Map.entry("CHAOS", LinkType.CHAOS),
                    Map.entry("IEEE802", LinkType.IEEE802_5),
                    Map.entry("ARCNET_LINUX", LinkType.ARCNET_LINUX),
                    Map.entry("FDDI", LinkType.FDDI),
                    Map.entry("RAW", LinkType.RAW),
                    Map.entry("C_HDLC", LinkType.C_HDLC),
                    Map.entry("IEEE802_11", LinkType.IEEE802_11),
                    Map.entry("FRELAY", LinkType.FRELAY),
                    Map.entry("LTALK", LinkType.LTALK),
                    Map.entry("PRISM_HEADER", LinkType.IEEE802_11_PRISM),
                    Map.entry("IP_OVER_FC", LinkType.IP_OVER_FC),
                    Map.entry("IEEE802_11_RADIO", LinkType.IEEE802_11_RADIOTAP),
                    Map.entry("FC_2", LinkType.FC_2),
                    Map.entry("IEEE802_15_4_NOFCS", LinkType.IEEE802_15_4_NOFCS),
                    Map.entry("CAN_SOCKETCAN", 227),
                    Map.entry("VSOCK", LinkType.VSOCK));

    /// Those of libpcap's link types that come from a SOCK_DGRAM socket (`setup_socket`).
    private static final Set<String> COOKED =
            Set.of("LINUX_SLL", "LINUX_IRDA", "LINUX_LAPD", "NETLINK");

    /// ARPHRD_* of linux/if_arp.h, and two that libpcap knows besides (18, 8445).
    private static final List<Integer> HARDWARE_TYPES =
            List.of(
                    0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 18, 19, 23, 24, 27, 32, 256, 257, 258, 259, 260,
                    264, 270, 271, 272, 280, 290, 512, 513, 516, 517, 518, 519, 768, 769, 770, 771,
                    772, 773, 774, 775, 776, 777, 778, 779, 780, 781, 782, 783, 784, 785, 786, 787,
                    800, 801, 802, 803, 804, 805, 820, 821, 822, 823, 824, 825, 826, 8445, 0xfffe,
                    0xffff);

    /// Where the table differs on purpose, as its documentation says: ARPHRD_RAWIP, ARPHRD_TUNNEL6,
    /// ARPHRD_CAN.
    private static final Map<Integer, OptionalInt> DIFFERENT =
            Map.of(
                    519, OptionalInt.of(LinkType.RAW),
                    769, OptionalInt.of(LinkType.RAW),
                    280, OptionalInt.empty());

    private static final Pattern FIRST_LINK_TYPE =
            Pattern.compile("Data link types for .*\\n\\s+(?:DLT (\\d+)|(\\S+))");

    private final LibC libc = LibC.load();

    private NetworkNamespace namespace;

    @BeforeEach
    void open() {
        namespace = NetworkNamespace.create();
        // IPv6 would look at the addresses of each type.
        namespace.run("sysctl -q net.ipv6.conf.default.disable_ipv6=1");
    }

    @AfterEach
    void close() {
        namespace.close();
    }

    @Test
    void agreesWithLibpcapOnEveryHardwareTypeButTheDocumentedOnes() throws Exception {
        Map<Integer, OptionalInt> ours = new TreeMap<>();
        Map<Integer, OptionalInt> libpcaps = new TreeMap<>();
        try (TunDevice tun = InNamespace.call(namespace, () -> new TunDevice("tun0"))) {
            for (int hardwareType : HARDWARE_TYPES) {
                ours.put(hardwareType, HardwareType.linkType(hardwareType));
                libpcaps.put(hardwareType, libpcap(tun, hardwareType));
            }
        }
        DIFFERENT.forEach((type, here) -> assertThat(libpcaps.get(type)).isNotEqualTo(here));
        libpcaps.putAll(DIFFERENT);

        assertThat(ours).isEqualTo(libpcaps);
    }

    @Test
    void agreesWithLibpcapOnDevicesOfThisKernel() throws Exception {
        namespace.run("ip link add v0 type veth peer name v1");
        namespace.run("ip link add br0 type bridge");
        namespace.run("ip link add vx0 type vxlan id 7 dev v0 dstport 4789");
        namespace.run("ip link add link v0 name mv0 type macvlan");
        namespace.run("ip tuntap add tun0 mode tun");
        namespace.run("ip tuntap add tap0 mode tap");
        for (String name : List.of("lo", "v1", "v0", "br0", "vx0", "mv0", "tun0", "tap0")) {
            namespace.run("ip link set %s up".formatted(name));
            int hardwareType =
                    InNamespace.call(
                            namespace, () -> NetworkInterface.byName(libc, name).hardwareType());

            assertThat(HardwareType.linkType(hardwareType)).as(name).isEqualTo(libpcap(name));
        }
    }

    private OptionalInt libpcap(TunDevice tun, int hardwareType) {
        namespace.run("ip link set tun0 down");
        tun.hardwareType(hardwareType);
        namespace.run("ip link set tun0 up");
        return libpcap("tun0");
    }

    /// What libpcap reads from a raw socket there; empty where it takes a cooked one.
    private OptionalInt libpcap(String interfaceName) {
        Tools.Result result = namespace.run("tcpdump -L -i " + interfaceName);
        Matcher first = FIRST_LINK_TYPE.matcher(result.stdout() + result.stderr());
        assertThat(first.find()).as("%s", result).isTrue();
        if (first.group(1) != null) {
            return OptionalInt.of(LinkType.fromDlt(Integer.parseInt(first.group(1))));
        }
        String name = first.group(2);
        if (COOKED.contains(name)) {
            return OptionalInt.empty();
        }
        assertThat(DLT_NAMES).as("%s", result).containsKey(name);
        return OptionalInt.of(DLT_NAMES.get(name));
    }
}
