package dev.ringtail.consumer.flows;

/// IP addresses as text.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc5952">RFC 5952, IPv6 address text</a>
final class AddressText {
    private static final int GROUPS = 8;

    private AddressText() {}

    /// Dotted decimal form.
    ///
    /// @param address big-endian number in the low 32 bits
    static String ipv4(long address) {
        StringBuilder text = new StringBuilder(15);
        appendIpv4(text, address);
        return text.toString();
    }

    /// The one form that RFC 5952 recommends: lower case, the longest run of zero groups (the first
    /// of equals, never a single group) as `::`, IPv4-mapped addresses with a dotted tail.
    static String ipv6(long high, long low) {
        StringBuilder text = new StringBuilder(39);
        if (high == 0 && low >>> 32 == 0xffff) {
            appendIpv4(text.append("::ffff:"), low);
            return text.toString();
        }
        int runStart = -1;
        int runLength = 1;
        for (int start = 0; start < GROUPS; start++) {
            int length = zeroGroups(high, low, start);
            if (length > runLength) {
                runStart = start;
                runLength = length;
            }
        }
        for (int i = 0; i < GROUPS; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
            } else {
                if (i > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(high, low, i)));
            }
        }
        return text.toString();
    }

    private static void appendIpv4(StringBuilder text, long address) {
        text.append(address >>> 24 & 0xff)
                .append('.')
                .append(address >>> 16 & 0xff)
                .append('.')
                .append(address >>> 8 & 0xff)
                .append('.')
                .append(address & 0xff);
    }

    private static int zeroGroups(long high, long low, int start) {
        int end = start;
        while (end < GROUPS && group(high, low, end) == 0) {
            end++;
        }
        return end - start;
    }

    private static int group(long high, long low, int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (48 - 16 * (index & 3))) & 0xffff;
    }
}
