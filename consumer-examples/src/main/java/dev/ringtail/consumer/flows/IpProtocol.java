package dev.ringtail.consumer.flows;

/// IP protocol numbers that flows treat in a way of their own.
///
/// @see <a href="https://www.iana.org/assignments/protocol-numbers">Protocol numbers</a>
final class IpProtocol {
    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int DCCP = 33;
    static final int ICMPV6 = 58;
    static final int SCTP = 132;
    static final int UDP_LITE = 136;

    private IpProtocol() {}

    /// Name for people; the number where it is not one of the few above.
    static String name(int protocol) {
        return switch (protocol) {
            case ICMP -> "icmp";
            case TCP -> "tcp";
            case UDP -> "udp";
            case DCCP -> "dccp";
            case ICMPV6 -> "icmpv6";
            case SCTP -> "sctp";
            case UDP_LITE -> "udplite";
            default -> Integer.toString(protocol);
        };
    }
}
