package dev.ringtail.sensor.interfaces;

import dev.ringtail.sensor.linux.Offloads;

import java.util.Optional;
import java.util.OptionalInt;

/// An interface as a capture sees it.
///
/// @param name name, or `any` for all interfaces of the network namespace at once
/// @param index index in its network namespace, 0 for `any`
/// @param linkType LINKTYPE_* of a capture's packets
/// @param cooked whether its packets can be had without their own link header alone
/// @param mtuBytes largest network-layer packet; empty for `any`
/// @param state whether packets can come
/// @param kind kind of a virtual device, else the driver of a real one; empty where neither is
///   known
/// @param rxQueueCount receive queues; empty for `any`
/// @param offloads those switched on; empty where the driver does not say
/// @param largestFrameBytes the largest frame that a capture can be given, as far as can be seen
/// @param hardwareTimestamps whether the device can stamp every packet it receives; empty where the
///   driver does not say
/// @param promiscuous whether it is promiscuous now
/// @param problem why it can't be captured and what to do about it; empty where it can
record InterfaceDescription(
        String name,
        int index,
        int linkType,
        boolean cooked,
        OptionalInt mtuBytes,
        State state,
        String kind,
        OptionalInt rxQueueCount,
        Optional<Offloads> offloads,
        int largestFrameBytes,
        Optional<Boolean> hardwareTimestamps,
        boolean promiscuous,
        String problem) {
    /// Whether packets can come.
    enum State {
        /// It is up, and has a carrier.
        UP("up"),
        /// It is up, but no cable is in, or the peer is down.
        NO_CARRIER("no carrier"),
        /// It is switched off.
        DOWN("down");

        private final String text;

        State(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    boolean capturable() {
        return problem.isEmpty();
    }
}
