package dev.ringtail.registry;

/// A schema registry can't be used as asked. The message is for the user: what was attempted, what
/// is in the way, and what to do.
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    private RegistryException(String message, boolean passing, Throwable cause) {
        super(message, cause);
        this.passing = passing;
    }

    private RegistryException(String message, boolean passing) {
        super(message);
        this.passing = passing;
    }

    /// A fault that may be over when it is tried again: the registry is down or overloaded.
    static RegistryException passing(String message) {
        return new RegistryException(message, true);
    }

    /// A fault that may be over when it is tried again, with the one below it.
    static RegistryException passing(String message, Throwable cause) {
        return new RegistryException(message, true, cause);
    }

    /// A fault that stays until somebody mends it.
    static RegistryException lasting(String message) {
        return new RegistryException(message, false);
    }

    /// A fault that stays until somebody mends it, with the one below it.
    static RegistryException lasting(String message, Throwable cause) {
        return new RegistryException(message, false, cause);
    }

    /// One line that says what is wrong, from the innermost cause that has words for it. A refused
    /// connection has none.
    static String describe(Throwable fault) {
        String words = fault.getClass().getSimpleName();
        for (Throwable inner = fault; inner != null; inner = inner.getCause()) {
            if (inner.getMessage() != null) {
                words = inner.getMessage();
            }
        }
        return words;
    }

    /// Whether it may be over when it is tried again.
    public boolean mayPass() {
        return passing;
    }
}
