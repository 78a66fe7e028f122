package dev.ringtail.sensor.config;

import com.fasterxml.jackson.annotation.JsonCreator;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.regex.Pattern;

/// What to capture on, an entry of `interfaces:`: a name, or a mapping of `name`, `except` and
/// `filter`.
///
/// @param name name of an interface; `any` for all of the network namespace at once; or a pattern
///   with `*` and `?`, for every interface that has such a name, now or later
/// @param except names and patterns that the pattern leaves out; empty for none
/// @param filter capture filter of this interface, in place of the one for all; null where that
///   holds
public record InterfaceConfig(String name, List<String> except, @Nullable String filter) {
    /// Name that stands for all interfaces of a network namespace at once.
    public static final String ANY = "any";

    /// IFNAMSIZ of linux/if.h, the ending NUL not counted.
    private static final int MAX_NAME_LENGTH = 15;

    /// @throws InvalidConfigException for a name that no interface can have
    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public InterfaceConfig {
        checkName(name);
        except = except == null ? List.of() : List.copyOf(except);
        except.forEach(InterfaceConfig::checkName);
        if (!except.isEmpty() && !isPattern(name)) {
            throw new InvalidConfigException(
                    "interfaces",
                    "except goes with a pattern such as eth*, and '" + name + "' is none");
        }
    }

    /// An entry that is a name alone.
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static InterfaceConfig named(String name) {
        return new InterfaceConfig(name, List.of(), null);
    }

    /// The same entry with a filter of its own.
    ///
    /// @param own null for the filter of all
    public InterfaceConfig withFilter(@Nullable String own) {
        return new InterfaceConfig(name, except, own);
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
        return matches(name, interfaceName)
                && except.stream().noneMatch(pattern -> matches(pattern, interfaceName));
    }

    private static boolean matches(String pattern, String interfaceName) {
        return isPattern(pattern)
                ? Pattern.matches(
                        pattern.replaceAll("[^*?]+", "\\\\Q$0\\\\E")
                                .replace("*", ".*")
                                .replace('?', '.'),
                        interfaceName)
                : pattern.equals(interfaceName);
    }

    private static boolean isPattern(String name) {
        return name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
    }

    private static void checkName(String name) {
        if (name == null || name.isBlank() || name.matches(".*[\\s/].*")) {
            throw new InvalidConfigException(
                    "interfaces", "'" + name + "' is not a name: 1 to 15 bytes, no space, no /");
        }
        if (!isPattern(name) && name.length() > MAX_NAME_LENGTH) {
            throw new InvalidConfigException(
                    "interfaces", "'" + name + "' is longer than the 15 bytes of a name");
        }
    }
}
