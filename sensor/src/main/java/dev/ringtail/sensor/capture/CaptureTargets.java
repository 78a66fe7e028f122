package dev.ringtail.sensor.capture;

import dev.ringtail.sensor.config.InterfaceConfig;
import dev.ringtail.sensor.linux.LibC;
import dev.ringtail.sensor.linux.NetworkInterface;

/// Looks interfaces up in the calling thread's network namespace.
///
/// @param libc asks the kernel
record CaptureTargets(LibC libc) {
    /// What an entry of the configuration names, as it is now.
    ///
    /// @throws dev.ringtail.sensor.linux.SyscallException ENODEV where there is none of that name
    NetworkInterface named(InterfaceConfig meant) {
        return meant.isAny() ? NetworkInterface.any() : named(meant.name());
    }

    /// The interface of a name, as it is now.
    ///
    /// @throws dev.ringtail.sensor.linux.SyscallException ENODEV where there is none of that name
    NetworkInterface named(String name) {
        return NetworkInterface.byName(libc, name);
    }
}
