package dev.ringtail.sensor.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;

class NetlinkMessageTest {
    @Test
    void readsMessagesOneAfterTheOtherAndSkipsThePadding() {
        ByteBuffer datagram = buffer(20 + 16);
        header(datagram, 17, 16).put((byte) 7).position(20);
        header(datagram, 16, 3);

        List<NetlinkMessage> messages = NetlinkMessage.parse(segment(datagram));

        assertThat(messages).hasSize(2);
        assertThat(messages.getFirst().type()).isEqualTo(16);
        assertThat(messages.getFirst().flags()).isEqualTo(2);
        assertThat(messages.getFirst().sequence()).isEqualTo(99);
        assertThat(messages.getFirst().body().byteSize()).isEqualTo(1);
        assertThat(messages.getLast().type()).isEqualTo(3);
        assertThat(messages.getLast().body().byteSize()).isZero();
    }

    @Test
    void readsBackWhatItWrites() {
        MemorySegment body = MemorySegment.ofArray(new byte[] {1, 2, 3, 4});
        MemorySegment target =
                MemorySegment.ofArray(new byte[(int) NetlinkMessage.lengthBytes(body)]);
        NetlinkMessage.write(target, 18, 0x301, 5, body);

        NetlinkMessage message = NetlinkMessage.parse(target).getFirst();

        assertThat(message.type()).isEqualTo(18);
        assertThat(message.flags()).isEqualTo(0x301);
        assertThat(message.sequence()).isEqualTo(5);
        assertThat(message.body().mismatch(body)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 21, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    void refusesALengthThatCanNotBe(int length) {
        ByteBuffer datagram = header(buffer(20), length, 16);

        assertThatThrownBy(() -> NetlinkMessage.parse(segment(datagram)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("length " + Integer.toUnsignedLong(length))
                .hasMessageContaining("16 to 20");
    }

    @Test
    void refusesARestThatIsShorterThanAHeader() {
        ByteBuffer datagram = header(buffer(16 + 8), 16, 3);

        assertThatThrownBy(() -> NetlinkMessage.parse(segment(datagram)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at 16");
    }

    @Test
    void tellsTheErrorOfAnErrorMessage() {
        NetlinkMessage error =
                NetlinkMessage.parse(segment(header(buffer(20), 20, 2).putInt(-16))).getFirst();
        NetlinkMessage tooShort =
                NetlinkMessage.parse(segment(header(buffer(18), 18, 2))).getFirst();

        assertThat(error.error()).isEqualTo(16);
        assertThatThrownBy(tooShort::error).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void neverReadsBeyondWhatItIsGiven() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            ByteBuffer datagram = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
            if (bytes.length >= 20) {
                datagram.putInt(0, 16 + random.nextInt(bytes.length));
                datagram.putShort(16, (short) random.nextInt(bytes.length));
            }
            try {
                for (NetlinkMessage message : NetlinkMessage.parse(segment(datagram))) {
                    LinkMessages.link(message.body());
                }
            } catch (IllegalArgumentException e) {
                assertThat(e).as("seed %d", seed).hasMessageMatching("(netlink|link) .*");
            }
        }
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer header(ByteBuffer buffer, int length, int type) {
        return buffer.putInt(length)
                .putShort((short) type)
                .putShort((short) 2)
                .putInt(99)
                .putInt(0);
    }

    private static MemorySegment segment(ByteBuffer buffer) {
        return MemorySegment.ofArray(buffer.array());
    }
}
