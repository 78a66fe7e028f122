package dev.ringtail.sensor.config;

import com.fasterxml.jackson.annotation.JsonCreator;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/// What to capture on, an entry of `interfaces:`: a name, or a mapping of `name` and `filter`.
///
/// @param name name of an interface; `any` for all of the network namespace at once; or a pattern
///   with `*` and `?`, for every interface that has such a name, now or later
/// @param filter capture filter of this interface, in place of the one for all; null where that
///   holds
public record InterfaceConfig(String name, @Nullable String filter) {
    /// Name that stands for all interfaces of a network namespace at once.
    public static final String ANY = "any";

    /// IFNAMSIZ of linux/if.h, the ending NUL not counted.
    private static final int MAX_NAME_LENGTH = 15;

    /// @throws InvalidConfigException for a name that no interface can have
    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public InterfaceConfig {
        if (name == null || name.isBlank() || name.matches(".*[\\s/].*")) {
            throw new InvalidConfigException(
                    "interfaces", "'" + name + "' is not a name: 1 to 15 bytes, no space, no /");
        }
        if (!isPattern(name) && name.length() > MAX_NAME_LENGTH) {
            throw new InvalidConfigException(
                    "interfaces", "'" + name + "' is longer than the 15 bytes of a name");
        }
    }

    /// An entry that is a name alone.
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static InterfaceConfig named(String name) {
        return new InterfaceConfig(name, null);
    }

    /// Whether the name is a pattern.
    public boolean isPattern() {
        return isPattern(name);
    }

    /// Whether all interfaces are meant at once.
    public boolean isAny() {
        return name.equals(ANY);
    }

    /// Whether an interface of this name is meant.
    public boolean matches(String interfaceName) {
        return isPattern()
                ? Pattern.matches(
                        name.replaceAll("[^*?]+", "\\\\Q$0\\\\E")
                                .replace("*", ".*")
                                .replace('?', '.'),
                        interfaceName)
                : name.equals(interfaceName);
    }

    private static boolean isPattern(String name) {
        return name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
    }
}
