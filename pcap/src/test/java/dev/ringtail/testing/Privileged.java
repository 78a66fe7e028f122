package dev.ringtail.testing;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A test that opens packet sockets and makes network namespaces: it runs where the process has
/// CAP_NET_RAW, CAP_NET_ADMIN and CAP_SYS_ADMIN and iproute2 can make a namespace. Elsewhere it is
/// skipped with the reason, or fails under `-Drequire=privileged`.
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("privileged")
@ExtendWith(PrivilegedCondition.class)
public @interface Privileged {}
