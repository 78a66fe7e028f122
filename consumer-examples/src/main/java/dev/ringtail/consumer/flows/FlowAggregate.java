package dev.ringtail.consumer.flows;

import java.nio.ByteBuffer;

/// What was seen of one flow since its last record, and what of its past still matters: who began
/// it, and whether TCP has closed it. Mutable; belongs to one thread.
///
/// As bytes, big-endian, 60 in all:
///
/// ```text
/// | format 1 | state 1 | tcpFlags A 1 | tcpFlags B 1 | flowStartNs 8 | firstNs 8 | lastNs 8 |
/// | packets A 8 | octets A 8 | packets B 8 | octets B 8 |
/// ```
final class FlowAggregate {
    private static final byte FORMAT = 1;
    private static final int BYTES = 4 + 7 * Long.BYTES;

    private static final int BEGUN_BY_A = 1;
    private static final int FIN_FROM_A = 2;
    private static final int FIN_FROM_B = 4;
    private static final int RESET = 8;

    private int state;
    private int tcpFlagsA;
    private int tcpFlagsB;
    private long flowStartNs = Long.MAX_VALUE;
    private long firstNs;
    private long lastNs;
    private long packetsA;
    private long octetsA;
    private long packetsB;
    private long octetsB;

    /// Adds one packet.
    ///
    /// @param fromA whether endpoint A sent it
    /// @param octets its length on the wire
    /// @param tcpFlags its TCP flags, 0 for another protocol
    void add(boolean fromA, long timestampNs, long octets, int tcpFlags) {
        if (timestampNs < flowStartNs) {
            flowStartNs = timestampNs;
            state = fromA ? state | BEGUN_BY_A : state & ~BEGUN_BY_A;
        }
        firstNs = isEmpty() ? timestampNs : Math.min(firstNs, timestampNs);
        lastNs = isEmpty() ? timestampNs : Math.max(lastNs, timestampNs);
        if (fromA) {
            packetsA++;
            octetsA += octets;
            tcpFlagsA |= tcpFlags;
        } else {
            packetsB++;
            octetsB += octets;
            tcpFlagsB |= tcpFlags;
        }
        if ((tcpFlags & (TcpFlags.FIN | TcpFlags.RST)) != 0) {
            noteEnd(fromA, tcpFlags);
        }
    }

    private void noteEnd(boolean fromA, int tcpFlags) {
        if ((tcpFlags & TcpFlags.RST) != 0) {
            state |= RESET;
        }
        if ((tcpFlags & TcpFlags.FIN) != 0) {
            state |= fromA ? FIN_FROM_A : FIN_FROM_B;
        }
    }

    /// Begins the flow's next record: nothing counted yet, the same beginner and TCP state.
    void beginRecord() {
        tcpFlagsA = 0;
        tcpFlagsB = 0;
        packetsA = 0;
        octetsA = 0;
        packetsB = 0;
        octetsB = 0;
    }

    /// Forgets the flow: the next packet begins another one between the same endpoints.
    void beginFlow() {
        beginRecord();
        state = 0;
        flowStartNs = Long.MAX_VALUE;
    }

    /// Whether nothing was counted since the last record.
    boolean isEmpty() {
        return packetsA + packetsB == 0;
    }

    /// Whether TCP has ended the connection: a FIN from both sides, or an RST from either.
    boolean isClosed() {
        return (state & RESET) != 0
                || (state & (FIN_FROM_A | FIN_FROM_B)) == (FIN_FROM_A | FIN_FROM_B);
    }

    /// Whether endpoint A sent the flow's first packet, by capture time.
    boolean begunByA() {
        return (state & BEGUN_BY_A) != 0;
    }

    /// Capture time of the record's first packet. Undefined while [#isEmpty].
    long firstNs() {
        return firstNs;
    }

    /// Capture time of the record's last packet. Undefined while [#isEmpty].
    long lastNs() {
        return lastNs;
    }

    /// OR of the TCP flags that A, or else B, sent.
    int tcpFlags(boolean ofA) {
        return ofA ? tcpFlagsA : tcpFlagsB;
    }

    /// Packets that A, or else B, sent.
    long packets(boolean ofA) {
        return ofA ? packetsA : packetsB;
    }

    /// Bytes on the wire that A, or else B, sent.
    long octets(boolean ofA) {
        return ofA ? octetsA : octetsB;
    }

    /// The aggregate as bytes, in the layout above.
    byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .put(FORMAT)
                .put((byte) state)
                .put((byte) tcpFlagsA)
                .put((byte) tcpFlagsB)
                .putLong(flowStartNs)
                .putLong(firstNs)
                .putLong(lastNs)
                .putLong(packetsA)
                .putLong(octetsA)
                .putLong(packetsB)
                .putLong(octetsB)
                .array();
    }

    /// Reads what [#toBytes] wrote.
    ///
    /// @throws IllegalStateException if the bytes are of another format
    static FlowAggregate fromBytes(byte[] bytes) {
        if (bytes.length != BYTES || bytes[0] != FORMAT) {
            throw new IllegalStateException(
                    "stored flow of %d bytes is not of format %d".formatted(bytes.length, FORMAT));
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, BYTES - 1);
        FlowAggregate flow = new FlowAggregate();
        flow.state = in.get();
        flow.tcpFlagsA = in.get() & 0xff;
        flow.tcpFlagsB = in.get() & 0xff;
        flow.flowStartNs = in.getLong();
        flow.firstNs = in.getLong();
        flow.lastNs = in.getLong();
        flow.packetsA = in.getLong();
        flow.octetsA = in.getLong();
        flow.packetsB = in.getLong();
        flow.octetsB = in.getLong();
        return flow;
    }
}
