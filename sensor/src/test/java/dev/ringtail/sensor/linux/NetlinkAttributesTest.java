package dev.ringtail.sensor.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

class NetlinkAttributesTest {
    private final ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());

    @Test
    void readsNumbersTextsAndNestedAttributes() {
        attribute(4, 8).putInt(1500);
        attribute(3, 7).put("lo\0".getBytes(StandardCharsets.UTF_8)).put((byte) 0);
        attribute(16, 5).put((byte) 6).put(new byte[3]);
        attribute(0x8000 | 18, 12);
        attribute(1, 8).put("veth".getBytes(StandardCharsets.UTF_8));

        NetlinkAttributes attributes = parse();

        assertThat(attributes.u32(4)).hasValue(1500);
        assertThat(attributes.string(3)).hasValue("lo");
        assertThat(attributes.u8(16)).hasValue(6);
        assertThat(attributes.nested(18).orElseThrow().string(1)).hasValue("veth");
    }

    @Test
    void knowsWhatIsMissing() {
        NetlinkAttributes attributes = parse();

        assertThat(attributes.u32(4)).isEmpty();
        assertThat(attributes.u8(4)).isEmpty();
        assertThat(attributes.string(4)).isEmpty();
        assertThat(attributes.nested(4)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 9, 0xffff})
    void refusesALengthThatCanNotBe(int length) {
        attribute(4, length).putInt(1500);

        assertThatThrownBy(this::parse)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("length " + length)
                .hasMessageContaining("4 to 8");
    }

    @Test
    void refusesARestThatIsShorterThanAHeader() {
        attribute(4, 8).putInt(1500).putShort((short) 4);

        assertThatThrownBy(this::parse)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at 8");
    }

    @Test
    void refusesNumbersOfAnotherSize() {
        attribute(4, 6).putInt(1500);

        NetlinkAttributes attributes = parse();

        assertThatThrownBy(() -> attributes.u32(4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> attributes.u8(4)).isInstanceOf(IllegalArgumentException.class);
    }

    private ByteBuffer attribute(int type, int length) {
        return bytes.putShort((short) length).putShort((short) type);
    }

    private NetlinkAttributes parse() {
        return NetlinkAttributes.parse(
                MemorySegment.ofArray(bytes.array()).asSlice(0, bytes.position()));
    }
}
