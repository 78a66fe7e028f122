package dev.ringtail.consumer.flows;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// Community ID, version 1, seed 0: the name of a flow that other monitors give it too.
///
/// ```text
/// "1:" + base64(SHA-1(seed 2 | address A 4/16 | address B 4/16 | protocol 1 | 0 | ports 2+2))
/// ```
///
/// The ports are there for TCP, UDP, SCTP, ICMP and ICMPv6; all other protocols, and fragments, are
/// told by addresses and protocol alone. One object belongs to one thread.
///
/// @see <a href="https://github.com/corelight/community-id-spec">Community ID specification</a>
final class CommunityId {
    private static final short SEED = 0;
    private static final int MAX_INPUT_BYTES = 2 + 2 * 16 + 2 + 2 * 2;

    private final MessageDigest sha1;
    private final ByteBuffer input = ByteBuffer.allocate(MAX_INPUT_BYTES);

    CommunityId() {
        try {
            sha1 = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-1", e);
        }
    }

    /// Community ID of a flow.
    String of(FlowKey key) {
        input.clear().putShort(SEED);
        if (key.is(FlowKey.IPV6)) {
            input.putLong(key.aHigh()).putLong(key.aLow());
            input.putLong(key.bHigh()).putLong(key.bLow());
        } else {
            input.putInt((int) key.aLow()).putInt((int) key.bLow());
        }
        input.put((byte) key.protocol()).put((byte) 0);
        if (key.is(FlowKey.PORTS) && countsPorts(key.protocol())) {
            input.putInt(key.ports());
        }
        sha1.update(input.flip());
        return "1:" + Base64.getEncoder().encodeToString(sha1.digest());
    }

    private static boolean countsPorts(int protocol) {
        return switch (protocol) {
            case IpProtocol.ICMP,
                    IpProtocol.TCP,
                    IpProtocol.UDP,
                    IpProtocol.ICMPV6,
                    IpProtocol.SCTP ->
                    true;
            default -> false;
        };
    }
}
