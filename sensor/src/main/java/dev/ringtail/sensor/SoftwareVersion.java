package dev.ringtail.sensor;

/// Name and version of this software, from the jar's manifest.
public final class SoftwareVersion {
    private SoftwareVersion() {}

    /// As in `ringtail 0.1.0`; `ringtail development` where classes do not come from a jar.
    public static String get() {
        String version = SoftwareVersion.class.getPackage().getImplementationVersion();
        return "ringtail " + (version == null ? "development" : version);
    }
}
