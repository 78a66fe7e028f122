package dev.ringtail.sensor.config;

import dev.ringtail.sensor.ring.Fanout;

/// How packets are spread over the lanes of an interface, under `fanout:`.
///
/// @param mode what chooses the lane
/// @param rollover whether another lane gets a packet where that one has no room
/// @param defrag whether IP fragments are put together first
/// @param program the program of modes cbpf and ebpf; else empty
public record FanoutConfig(Fanout.Mode mode, boolean rollover, boolean defrag, String program) {
    /// @throws InvalidConfigException for what the kernel would refuse
    public FanoutConfig {
        try {
            fanout(mode, rollover, defrag, program);
        } catch (IllegalArgumentException e) {
            String key = rollover && mode == Fanout.Mode.ROLLOVER ? "rollover" : "program";
            throw new InvalidConfigException("fanout." + key, String.valueOf(e.getMessage()));
        }
    }

    /// The same as the rings want it.
    public Fanout fanout() {
        return fanout(mode, rollover, defrag, program);
    }

    private static Fanout fanout(
            Fanout.Mode mode, boolean rollover, boolean defrag, String program) {
        return new Fanout(mode, rollover, defrag, program);
    }
}
