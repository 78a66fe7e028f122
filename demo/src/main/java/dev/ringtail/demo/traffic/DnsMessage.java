package dev.ringtail.demo.traffic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/// The little of DNS that the demo speaks: one question of type A or AAAA, and its answer.
///
/// ```text
///   0    2      4     6     8     10    12
///   | id | flags| QD  | AN  | NS  | AR  | name: (length, label)… 0 | type | class |  answer…
/// ```
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc1035#section-4">RFC 1035, section 4</a>
final class DnsMessage {
    static final int TYPE_A = 1;
    static final int TYPE_AAAA = 28;

    /// Longest message over UDP without extensions.
    static final int MAX_BYTES = 512;

    private static final int HEADER_BYTES = 12;
    private static final int CLASS_INTERNET = 1;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int RESPONSE_RECURSION_AVAILABLE = 0x8180;
    private static final int FORMAT_ERROR = 0x8181;

    /// A compressed name: see the one at offset 12, the question's.
    private static final int POINTER_TO_QUESTION = 0xc000 | HEADER_BYTES;

    private static final int TIME_TO_LIVE_SECONDS = 60;

    private DnsMessage() {}

    /// A question.
    ///
    /// @param id ties the answer to it, 16 bits
    /// @param name labels with dots between, ASCII, each 1 to 63 characters
    static byte[] query(int id, String name, int type) {
        ByteBuffer message = ByteBuffer.allocate(MAX_BYTES);
        putHeader(message, id, RECURSION_DESIRED, 1, 0);
        for (String label : name.split("\\.", -1)) {
            message.put((byte) label.length()).put(label.getBytes(US_ASCII));
        }
        message.put((byte) 0).putShort((short) type).putShort((short) CLASS_INTERNET);
        return contents(message);
    }

    /// The answer to a question: an address made from the question's id, out of the ranges that are
    /// reserved for documentation. What is not a question gets a format error.
    static byte[] answer(byte[] query, int length) {
        ByteBuffer message = ByteBuffer.allocate(MAX_BYTES);
        int id = length < 2 ? 0 : ByteBuffer.wrap(query).getShort() & 0xffff;
        int questionEnd = endOfQuestion(query, length);
        if (questionEnd < 0) {
            putHeader(message, id, FORMAT_ERROR, 0, 0);
            return contents(message);
        }
        int type = ByteBuffer.wrap(query).getShort(questionEnd - 4) & 0xffff;
        putHeader(message, id, RESPONSE_RECURSION_AVAILABLE, 1, 1);
        message.put(query, HEADER_BYTES, questionEnd - HEADER_BYTES);
        byte[] address = address(type, id);
        message.putShort((short) POINTER_TO_QUESTION)
                .putShort((short) type)
                .putShort((short) CLASS_INTERNET)
                .putInt(TIME_TO_LIVE_SECONDS)
                .putShort((short) address.length)
                .put(address);
        return contents(message);
    }

    /// Whether a message answers the question with this id by an error.
    static boolean refuses(int id, byte[] message, int length) {
        ByteBuffer buffer = ByteBuffer.wrap(message);
        return length >= HEADER_BYTES
                && (buffer.getShort(0) & 0xffff) == id
                && (buffer.getShort(2) & 0xffff) != RESPONSE_RECURSION_AVAILABLE;
    }

    private static void putHeader(
            ByteBuffer message, int id, int flags, int questions, int answers) {
        message.putShort((short) id)
                .putShort((short) flags)
                .putShort((short) questions)
                .putShort((short) answers)
                .putShort((short) 0)
                .putShort((short) 0);
    }

    /// Offset after the first question of type A or AAAA, or -1 where there is none.
    private static int endOfQuestion(byte[] query, int length) {
        int at = HEADER_BYTES;
        while (at < length && query[at] > 0) {
            at += 1 + query[at];
        }
        int end = at + 5;
        if (end > length || query[at] != 0) {
            return -1;
        }
        int type = ByteBuffer.wrap(query).getShort(at + 1);
        return type == TYPE_A || type == TYPE_AAAA ? end : -1;
    }

    /// 192.0.2.0/24 of RFC 5737, 2001:db8::/32 of RFC 3849.
    private static byte[] address(int type, int id) {
        if (type == TYPE_A) {
            return new byte[] {(byte) 192, 0, 2, (byte) id};
        }
        return ByteBuffer.allocate(16).putInt(0x20010db8).putShort(14, (short) id).array();
    }

    private static byte[] contents(ByteBuffer message) {
        byte[] bytes = new byte[message.position()];
        message.get(0, bytes);
        return bytes;
    }
}
