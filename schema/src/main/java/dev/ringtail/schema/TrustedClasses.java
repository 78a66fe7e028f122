package dev.ringtail.schema;

import org.apache.avro.util.ClassSecurityValidator;

/// Lets Avro load the classes of this package by the names in their schemas.
///
/// Since 1.12.2 Avro refuses classes that are not on a list of trusted ones, so that a schema from
/// elsewhere cannot make it load just any class. The list is a global of the JVM; this adds to it
/// and takes nothing away.
final class TrustedClasses {
    private TrustedClasses() {}

    /// Adds this package's classes to the trusted ones. To be called once, before any decoder is
    /// made.
    static void register() {
        String trusted = TrustedClasses.class.getPackageName();
        ClassSecurityValidator.setGlobal(
                ClassSecurityValidator.composite(
                        ClassSecurityValidator.getGlobal(),
                        type -> type.getPackageName().equals(trusted)));
    }
}
