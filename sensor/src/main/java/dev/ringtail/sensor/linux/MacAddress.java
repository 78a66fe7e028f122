package dev.ringtail.sensor.linux;

import java.util.HexFormat;
import java.util.regex.Pattern;

/// A 48-bit link-layer address (IEEE 802 MAC).
///
/// @param value the address, its first byte in bits 40 to 47
public record MacAddress(long value) {
    /// Bytes of an address.
    public static final int BYTES = 6;

    private static final Pattern TEXT = Pattern.compile("\\p{XDigit}{2}(:\\p{XDigit}{2}){5}");
    private static final long GROUP_BIT = 1L << 40;

    /// Reads `01:00:5e:00:00:fb`.
    ///
    /// @throws IllegalArgumentException for anything else
    public static MacAddress parse(String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a MAC address; write it as 01:00:5e:00:00:fb");
        }
        return new MacAddress(HexFormat.fromHexDigitsToLong(text.replace(":", "")));
    }

    /// Whether it stands for a group of stations (multicast or broadcast).
    public boolean isGroup() {
        return (value & GROUP_BIT) != 0;
    }

    @Override
    public String toString() {
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bytes[i] = (byte) (value >>> Byte.SIZE * (BYTES - 1 - i));
        }
        return HexFormat.ofDelimiter(":").formatHex(bytes);
    }
}
