package dev.ringtail.consumer.flows;

/// Pairs the ICMP message types that ask with those that answer, so that both ends of an exchange
/// fall into one flow. The pairs are those of the Community ID specification.
///
/// @see <a href="https://github.com/corelight/community-id-spec">Community ID specification</a>
/// @see <a href="https://www.iana.org/assignments/icmp-parameters">ICMP types</a>
/// @see <a href="https://www.iana.org/assignments/icmpv6-parameters">ICMPv6 types</a>
final class IcmpTypes {
    /// What [#answer] says of a type that has no counterpart.
    static final int ONE_WAY = -1;

    private IcmpTypes() {}

    /// The type that answers `type` or is answered by it, or [#ONE_WAY].
    ///
    /// @param protocol [IpProtocol#ICMP] or [IpProtocol#ICMPV6]
    static int answer(int protocol, int type) {
        return protocol == IpProtocol.ICMP ? answerIcmp(type) : answerIcmpV6(type);
    }

    private static int answerIcmp(int type) {
        return switch (type) {
            case 0 -> 8; // echo reply
            case 8 -> 0; // echo
            case 9 -> 10; // router advertisement
            case 10 -> 9; // router solicitation
            case 13 -> 14; // timestamp
            case 14 -> 13;
            case 15 -> 16; // information request
            case 16 -> 15;
            case 17 -> 18; // address mask request
            case 18 -> 17;
            default -> ONE_WAY;
        };
    }

    private static int answerIcmpV6(int type) {
        return switch (type) {
            case 128 -> 129; // echo request
            case 129 -> 128;
            case 130 -> 131; // multicast listener query
            case 131 -> 130;
            case 133 -> 134; // router solicitation
            case 134 -> 133;
            case 135 -> 136; // neighbour solicitation
            case 136 -> 135;
            case 139 -> 140; // node information query
            case 140 -> 139;
            case 144 -> 145; // home agent address discovery
            case 145 -> 144;
            default -> ONE_WAY;
        };
    }
}
