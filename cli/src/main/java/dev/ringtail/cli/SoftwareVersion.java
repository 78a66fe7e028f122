package dev.ringtail.cli;

import picocli.CommandLine.IVersionProvider;

/// Name and version of this software, from the manifest of this module's jar: all modules are built
/// together and have one version.
public final class SoftwareVersion implements IVersionProvider {
    /// As in `ringtail 0.1.0`; `ringtail development` where classes do not come from a jar.
    public static String get() {
        String version = SoftwareVersion.class.getPackage().getImplementationVersion();
        return "ringtail " + (version == null ? "development" : version);
    }

    /// For picocli.
    @Override
    public String[] getVersion() {
        return new String[] {get()};
    }
}
