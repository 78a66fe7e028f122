package dev.ringtail.sensor.linux;

import static dev.ringtail.sensor.linux.Structs.RTATTR;
import static dev.ringtail.sensor.linux.Structs.offsetOf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The attributes of a netlink message by type
/// ([rtnetlink(7)](https://man7.org/linux/man-pages/man7/rtnetlink.7.html)), in the byte order of
/// this machine:
///
///     rtattr   length (2, itself included), type (2; the two highest bits are flags)
///     value    length - 4 bytes, then padding to a multiple of 4
///
/// The values stay where they are. Each accessor checks the length of the value that it reads.
final class NetlinkAttributes {
    private static final long HEADER_BYTES = RTATTR.byteSize();
    private static final long LENGTH = offsetOf(RTATTR, "rta_len");
    private static final long TYPE = offsetOf(RTATTR, "rta_type");

    private final Map<Integer, MemorySegment> values = new HashMap<>();

    private NetlinkAttributes() {}

    /// Reads attributes one after the other; of two with the same type the last counts.
    ///
    /// @throws IllegalArgumentException where a length goes beyond the end or is shorter than the
    ///   header
    static NetlinkAttributes parse(MemorySegment attributes) {
        NetlinkAttributes parsed = new NetlinkAttributes();
        long offset = 0;
        while (offset < attributes.byteSize()) {
            long left = attributes.byteSize() - offset;
            long length =
                    left < HEADER_BYTES
                            ? left
                            : attributes.get(JAVA_SHORT_UNALIGNED, offset + LENGTH) & 0xffff;
            if (length < HEADER_BYTES || length > left) {
                throw new IllegalArgumentException(
                        "netlink attribute at %d has length %d, where %d to %d are possible"
                                .formatted(offset, length, HEADER_BYTES, left));
            }
            int type =
                    attributes.get(JAVA_SHORT_UNALIGNED, offset + TYPE)
                            & NetlinkConstants.NLA_TYPE_MASK;
            parsed.values.put(
                    type, attributes.asSlice(offset + HEADER_BYTES, length - HEADER_BYTES));
            offset += NetlinkMessage.align(length);
        }
        return parsed;
    }

    /// A 32-bit number; empty where the attribute is missing.
    OptionalInt u32(int type) {
        MemorySegment value = value(type, Integer.BYTES);
        return value == null
                ? OptionalInt.empty()
                : OptionalInt.of(value.get(JAVA_INT_UNALIGNED, 0));
    }

    /// An 8-bit number; empty where the attribute is missing.
    OptionalInt u8(int type) {
        MemorySegment value = value(type, Byte.BYTES);
        return value == null
                ? OptionalInt.empty()
                : OptionalInt.of(Byte.toUnsignedInt(value.get(JAVA_BYTE, 0)));
    }

    /// The bytes of an attribute; empty where it is missing.
    Optional<MemorySegment> bytes(int type) {
        return Optional.ofNullable(values.get(type));
    }

    /// A text, with or without the NUL at its end; empty where the attribute is missing.
    Optional<String> string(int type) {
        return Optional.ofNullable(values.get(type))
                .map(
                        value -> {
                            byte[] bytes = value.toArray(JAVA_BYTE);
                            int length = 0;
                            while (length < bytes.length && bytes[length] != 0) {
                                length++;
                            }
                            return new String(bytes, 0, length, StandardCharsets.UTF_8);
                        });
    }

    /// The attributes inside an attribute; empty where it is missing.
    Optional<NetlinkAttributes> nested(int type) {
        return Optional.ofNullable(values.get(type)).map(NetlinkAttributes::parse);
    }

    private @Nullable MemorySegment value(int type, int bytes) {
        MemorySegment value = values.get(type);
        if (value != null && value.byteSize() != bytes) {
            throw new IllegalArgumentException(
                    "netlink attribute %d has a value of %d bytes in place of %d"
                            .formatted(type, value.byteSize(), bytes));
        }
        return value;
    }
}
