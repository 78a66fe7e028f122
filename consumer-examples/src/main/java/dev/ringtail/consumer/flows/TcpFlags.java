package dev.ringtail.consumer.flows;

/// The TCP flags (header byte 13) that begin and end a connection, and their text.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9293#section-3.1">RFC 9293</a>
final class TcpFlags {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int ACK = 16;

    private static final String LETTERS = "FSRPAUEC";

    private TcpFlags() {}

    /// One letter a flag, lowest bit first: FIN, SYN, RST, PSH, ACK, URG, ECE, CWR; `-` for none.
    static String text(int flags) {
        StringBuilder text = new StringBuilder(LETTERS.length());
        for (int bit = 0; bit < LETTERS.length(); bit++) {
            if ((flags & 1 << bit) != 0) {
                text.append(LETTERS.charAt(bit));
            }
        }
        return text.isEmpty() ? "-" : text.toString();
    }
}
