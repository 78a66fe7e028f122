package dev.ringtail.pcap.file;

import java.nio.ByteOrder;
import java.util.stream.Stream;

final class ByteOrderArguments {
    private ByteOrderArguments() {}

    static Stream<ByteOrder> both() {
        return Stream.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN);
    }
}
