package dev.ringtail.sensor.linux;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Function;

/// A libc of which one function answers as a test wants, for what this machine can't show.
public final class ScriptedLibC {
    private ScriptedLibC() {}

    /// @param answer result of the function, from its arguments
    public static LibC answering(String function, Function<Object[], Object> answer) {
        LibC libc = LibC.load();
        return (LibC)
                Proxy.newProxyInstance(
                        LibC.class.getClassLoader(),
                        new Class<?>[] {LibC.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals(function)) {
                                return answer.apply(arguments);
                            }
                            try {
                                return method.invoke(libc, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }
}
