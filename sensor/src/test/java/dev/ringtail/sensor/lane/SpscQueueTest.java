package dev.ringtail.sensor.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.CompletableFuture;

class SpscQueueTest {
    @Test
    void keepsOrderAndRefusesMoreThanItsCapacity() {
        SpscQueue<Integer> queue = new SpscQueue<>(4);
        for (int i = 0; i < 4; i++) {
            queue.offer(i);
        }

        assertThatThrownBy(() -> queue.offer(4)).isInstanceOf(IllegalStateException.class);
        for (int i = 0; i < 4; i++) {
            assertThat(queue.poll()).isEqualTo(i);
        }
        assertThat(queue.poll()).isNull();
    }

    @Test
    @Timeout(60)
    void passesEveryElementOnceAndInOrderBetweenThreads() {
        int count = 2_000_000;
        int[][] slots = new int[64][1];
        SpscQueue<int[]> there = new SpscQueue<>(64);
        SpscQueue<int[]> back = new SpscQueue<>(64);
        for (int[] slot : slots) {
            back.offer(slot);
        }
        CompletableFuture<Void> producer =
                CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < count; ) {
                                int[] slot = back.poll();
                                if (slot == null) {
                                    Thread.onSpinWait();
                                } else {
                                    slot[0] = i++;
                                    there.offer(slot);
                                }
                            }
                        });
        for (int i = 0; i < count; ) {
            int[] slot = there.poll();
            if (slot == null) {
                Thread.onSpinWait();
            } else {
                assertThat(slot[0]).isEqualTo(i++);
                back.offer(slot);
            }
        }
        producer.join();
    }
}
