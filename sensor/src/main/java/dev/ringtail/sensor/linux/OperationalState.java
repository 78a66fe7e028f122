package dev.ringtail.sensor.linux;

/// Whether a link can pass packets: IF_OPER_* of linux/if.h, which is ifOperStatus of [RFC
/// 2863](https://www.rfc-editor.org/rfc/rfc2863#section-3.1.14).
public enum OperationalState {
    /// The driver does not say, as those of loopback and tunnels do.
    UNKNOWN,
    /// A part of the device is missing.
    NOTPRESENT,
    /// Down, or up without carrier.
    DOWN,
    /// The link below it is down.
    LOWERLAYERDOWN,
    /// In a test, and passes no packets.
    TESTING,
    /// Up, and waits for something outside, such as 802.1X.
    DORMANT,
    /// Passes packets.
    UP;

    /// The state for IF_OPER_*; [#UNKNOWN] for a number that is not known here.
    static OperationalState of(int number) {
        return number >= 0 && number < values().length ? values()[number] : UNKNOWN;
    }
}
