package dev.ringtail.schema;

/// The fields of one packet of a batch, all but its bytes, which stay where they are:
///
/// ```text
/// laneNumberDelta  timestampOffsetNs | originalLength  packetType  flags  length of data
///     1 - 2 bytes         1 - 7 bytes |    1 - 2 bytes      1 byte   1 - 2           1 - 2
/// ```
///
/// With a laneNumberDelta of two bytes timestampOffsetNs has at most 6: both are in one word. Those
/// are the sizes that nearly all packets have, and nearly each has the sizes of the one before it.
/// So it is only compared with these, and the fields are taken out of two words, without a branch
/// for each byte, and without the wait for one number's end before the next can be looked for.
/// Anything else, and whatever is wrong, is read one by one.
///
/// Confined to one thread.
final class PacketFields {
    private static final int PACKET_TYPE_COUNT = PacketType.values().length;

    /// As it is written.
    private static final long LAST_PACKET_TYPE = 2L * (PACKET_TYPE_COUNT - 1);

    /// Both words lie within so many bytes from the first on.
    private static final int TWO_WORDS = 2 * Long.BYTES;

    /// Of each byte of the numbers in a word the bit that says that the number goes on, and what
    /// these bits were in the last packet. None has what stands here first.
    private long firstBits;

    private long firstSizes = 1;
    private long secondBits;
    private long secondSizes;

    /// Where timestampOffsetNs begins in the first word, in bits.
    private int offsetAt;

    /// Where the second word begins, in bytes from the first on.
    private int secondAt;

    /// Where numbers begin in the second word, in bits.
    private int typeAt;

    private int flagsAt;
    private int lengthAt;

    /// Where the data begin, in bytes from the first word on.
    private int dataAt;

    private long laneNumberDelta;
    private long timestampOffsetNs;
    private long originalLength;
    private int packetType;
    private int flags;
    private int dataOffset;
    private int dataLength;

    /// Reads the packet that begins at the position, and moves behind it.
    ///
    /// @throws BatchFormatException if it is truncated or corrupt
    void read(AvroInput in) {
        if (!readTwoWords(in)) {
            readOneByOne(in);
        }
    }

    /// Reads the packet if it is as nearly all are.
    ///
    /// @return false if nothing was read, because the numbers are larger, wrong, or near the end
    boolean readTwoWords(AvroInput in) {
        int left = in.remaining();
        if (left < TWO_WORDS) {
            return false;
        }
        int at = in.position();
        long first = in.word(at);
        long second = in.word(at + secondAt);
        if ((first & firstBits) != firstSizes || (second & secondBits) != secondSizes) {
            if (!measure(in, at)) {
                return false;
            }
            second = in.word(at + secondAt);
        }
        long original = pair(second);
        long type = second >>> typeAt & 0xff;
        long length = pair(second >>> lengthAt);
        int dataBytes = (int) length >>> 1;
        // A negative number is odd.
        long wrong = original | type | length | LAST_PACKET_TYPE - type >>> 63;
        if ((wrong & 1) != 0 || dataBytes > left - dataAt) {
            return false;
        }
        long offset = first >>> offsetAt;
        laneNumberDelta = AvroInput.zigZag(pair(first));
        timestampOffsetNs = AvroInput.zigZag(AvroInput.numberOf(offset, AvroInput.ends(offset)));
        originalLength = original >>> 1;
        packetType = (int) type >>> 1;
        flags = (int) AvroInput.zigZag(pair(second >>> flagsAt));
        dataOffset = at + dataAt;
        dataLength = dataBytes;
        in.seek(dataOffset + dataBytes);
        return true;
    }

    /// Takes the sizes of the packet that begins at an index and has [#TWO_WORDS].
    ///
    /// @return false if they are larger than above; those that were taken last stay then
    private boolean measure(AvroInput in, int at) {
        long first = in.word(at);
        int offset = bitsOfPair(first);
        long ends = AvroInput.ends(first) >>> offset;
        if (ends == 0) {
            return false;
        }
        int firstBytes = (offset >>> 3) + AvroInput.lengthOf(ends);
        long second = in.word(at + firstBytes);
        int type = bitsOfPair(second);
        int flagsPair = type + Byte.SIZE;
        int length = flagsPair + bitsOfPair(second >>> flagsPair);
        int end = length + bitsOfPair(second >>> length);
        long thirdBytes =
                thirdByte(first)
                        | thirdByte(second)
                        | thirdByte(second >>> flagsPair)
                        | thirdByte(second >>> length);
        if ((thirdBytes & 1) != 0) {
            return false;
        }
        firstBits = AvroInput.CONTINUATION_BITS >>> Long.SIZE - Byte.SIZE * firstBytes;
        firstSizes = first & firstBits;
        secondBits = AvroInput.CONTINUATION_BITS >>> Long.SIZE - end;
        secondSizes = second & secondBits;
        offsetAt = offset;
        secondAt = firstBytes;
        typeAt = type;
        flagsAt = flagsPair;
        lengthAt = length;
        dataAt = firstBytes + (end >>> 3);
        return true;
    }

    /// The number of one or two bytes that a word begins with, before [AvroInput#zigZag].
    private static long pair(long word) {
        return word & 0x7f | word >>> 1 & 0x3f80 & -(word >>> 7 & 1);
    }

    /// How many bits it takes.
    private static int bitsOfPair(long word) {
        return Byte.SIZE + ((int) word >>> 4 & Byte.SIZE);
    }

    /// In the lowest bit whether it takes more than two bytes.
    private static long thirdByte(long word) {
        return word >>> 7 & word >>> 15;
    }

    /// Reads the packet whatever sizes its numbers have.
    void readOneByOne(AvroInput in) {
        laneNumberDelta = in.readLong();
        timestampOffsetNs = in.readLong();
        originalLength = in.atLeast(0, "originalLength", in.position(), in.readLong());
        int at = in.position();
        packetType = in.readInt("packetType");
        if (packetType < 0 || packetType >= PACKET_TYPE_COUNT) {
            throw in.corrupt(
                    "packetType is "
                            + packetType
                            + " where 0 to "
                            + (PACKET_TYPE_COUNT - 1)
                            + " are allowed",
                    at);
        }
        flags = in.readInt("flags");
        dataLength = in.readLength("data");
        dataOffset = in.take(dataLength, "data");
    }

    /// Lane number less that of the packet before.
    long laneNumberDelta() {
        return laneNumberDelta;
    }

    /// Capture time less the batch's base.
    long timestampOffsetNs() {
        return timestampOffsetNs;
    }

    /// Bytes on the wire.
    long originalLength() {
        return originalLength;
    }

    /// Ordinal of the [PacketType].
    int packetType() {
        return packetType;
    }

    /// [PacketFlags].
    int flags() {
        return flags;
    }

    /// Index into the input's array of the first byte of data.
    int dataOffset() {
        return dataOffset;
    }

    /// Bytes of data.
    int dataLength() {
        return dataLength;
    }
}
