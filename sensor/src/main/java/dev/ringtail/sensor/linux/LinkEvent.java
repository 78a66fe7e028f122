package dev.ringtail.sensor.linux;

/// What [LinkMonitor] tells of the links of its network namespace.
public sealed interface LinkEvent {
    /// A link that is new, or of which something changed: its name, state, MTU, master…
    ///
    /// @param link as it is after that
    record Changed(Link link) implements LinkEvent {}

    /// A link that is gone: deleted, or moved to another network namespace.
    ///
    /// @param link as it was
    record Gone(Link link) implements LinkEvent {}

    /// Events were lost, since more came than the socket had room for: only a new
    /// [LinkMonitor#dump] tells what there is now.
    record Overrun() implements LinkEvent {}
}
